package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request that passed the constraints of the model.
 *
 * @param body the input as it came over the wire
 * @param registry the caller's registry in the region of the call
 * @param stale the repositories whose last write this call must not see, null for none
 */
record Request(
    ObjectNode input,
    String body,
    Registry registry,
    Instant at,
    @Nullable Predicate<String> stale) {

  String text(String member) {
    return input.path(member).asText();
  }

  boolean has(String member) {
    return input.hasNonNull(member);
  }

  List<String> texts(String member) {
    return Json.texts(input.path(member));
  }

  boolean flag(String member) {
    return input.path(member).asBoolean();
  }

  JsonNode get(String member) {
    return input.path(member);
  }

  String repositoryName() {
    return has("resourceArn") ? nameFromArn() : text("repositoryName");
  }

  /** The repository as this call sees it. */
  RepositoryState repository() {
    return repository(repositoryName());
  }

  RepositoryState repository(String name) {
    return registry.find(name, stale).orElseThrow(() -> registry.absent(name));
  }

  NavigableMap<String, RepositoryState> repositories() {
    return registry.visible(stale);
  }

  RepositoryState update(UnaryOperator<RepositoryState> edit) {
    return registry.update(repositoryName(), edit);
  }

  /** The head of most answers. */
  ObjectNode answer(RepositoryState repository) {
    return Json.object()
        .put("registryId", registry.account())
        .put("repositoryName", repository.name());
  }

  private String nameFromArn() {
    String arn = text("resourceArn");
    String prefix = registry.arn("");
    if (!arn.startsWith(prefix)) {
      throw AwsError.invalid("resourceArn", "Invalid ARN");
    }
    return arn.substring(prefix.length());
  }
}
