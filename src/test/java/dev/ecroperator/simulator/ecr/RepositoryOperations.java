package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What private and public repositories have in common: reading, deletion, tags, policy. */
final class RepositoryOperations {
  private final World world;
  private final String service;

  RepositoryOperations(World world, String service) {
    this.world = world;
    this.service = service;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "DescribeRepositories", this::describe,
        "DeleteRepository", this::delete,
        "ListTagsForResource", this::listTags,
        "TagResource", this::tag,
        "UntagResource", this::untag,
        "SetRepositoryPolicy", this::setPolicy,
        "GetRepositoryPolicy", this::getPolicy,
        "DeleteRepositoryPolicy", this::deletePolicy);
  }

  private ObjectNode describe(Request request) {
    List<String> names = request.texts("repositoryNames");
    Page.refuseWithNames(request, names);
    ObjectNode answer = Json.object();
    ArrayNode repositories = answer.putArray("repositories");
    if (names.isEmpty()) {
      Page.read(
          request.repositories(), request, answer, each -> repositories.add(each.description()));
    } else {
      names.forEach(name -> repositories.add(request.repository(name).description()));
    }
    return answer;
  }

  private ObjectNode delete(Request request) {
    RepositoryState deleted =
        request
            .registry()
            .delete(
                request.repositoryName(),
                state -> {
                  if (!state.images().isEmpty() && !request.flag("force")) {
                    throw AwsError.refused(
                        "RepositoryNotEmptyException",
                        "The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images"
                            .formatted(state.name(), request.registry().account()));
                  }
                });
    ObjectNode answer = Json.object();
    answer.set("repository", deleted.description());
    return answer;
  }

  private ObjectNode listTags(Request request) {
    ObjectNode answer = Json.object();
    Tags.write(request.repository().tags(), answer);
    return answer;
  }

  private ObjectNode tag(Request request) {
    request.update(state -> state.withTags(Tags.merged(state.tags(), request.get("tags"))));
    return Json.object();
  }

  private ObjectNode untag(Request request) {
    request.update(
        state -> {
          Map<String, String> rest = new TreeMap<>(state.tags());
          rest.keySet().removeAll(request.texts("tagKeys"));
          return state.withTags(rest);
        });
    return Json.object();
  }

  private ObjectNode setPolicy(Request request) {
    RepositoryState changed =
        request.update(
            state -> {
              String text =
                  PolicyText.asReadBack(
                      service,
                      "repository",
                      request.text("policyText"),
                      world.unknownPrincipals,
                      request.registry().partition());
              if (!request.flag("force") && PolicyText.locksOut(text, service)) {
                throw AwsError.invalid(
                    "PolicyText",
                    "The policy would prevent setting another one; force is required");
              }
              return state.withPolicy(text);
            });
    return request.answer(changed).put("policyText", changed.policy());
  }

  private ObjectNode getPolicy(Request request) {
    RepositoryState state = withPolicy(request.repository(), request);
    return request.answer(state).put("policyText", state.policy());
  }

  private ObjectNode deletePolicy(Request request) {
    String[] deleted = {""};
    RepositoryState changed =
        request.update(
            state -> {
              deleted[0] = String.valueOf(withPolicy(state, request).policy());
              return state.withPolicy(null);
            });
    return request.answer(changed).put("policyText", deleted[0]);
  }

  private static RepositoryState withPolicy(RepositoryState state, Request request) {
    if (state.policy() == null) {
      throw AwsError.refused(
          "RepositoryPolicyNotFoundException",
          "Repository policy does not exist for the repository with name '%s' in the registry with id '%s'"
              .formatted(state.name(), request.registry().account()));
    }
    return state;
  }
}
