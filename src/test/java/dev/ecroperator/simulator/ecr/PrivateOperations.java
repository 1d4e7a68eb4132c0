package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;

/** What only private repositories have: encryption, mutability, scanning, lifecycle policies. */
final class PrivateOperations {
  private final World world;

  PrivateOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "CreateRepository", this::create,
        "PutImageTagMutability", this::putMutability,
        "PutImageScanningConfiguration", this::putScanning,
        "BatchGetRepositoryScanningConfiguration", this::getScanning,
        "PutLifecyclePolicy", this::putLifecycle,
        "GetLifecyclePolicy", this::getLifecycle,
        "DeleteLifecyclePolicy", this::deleteLifecycle);
  }

  /** A repository as CreateRepository makes it from such an input, in no registry yet. */
  static RepositoryState created(Registry registry, JsonNode input, Instant at) {
    String name = input.path("repositoryName").asText();
    ObjectNode description =
        Json.object()
            .put("repositoryArn", registry.arn(name))
            .put("registryId", registry.account())
            .put("repositoryName", name)
            .put("repositoryUri", registry.uri(name));
    description.set("createdAt", Json.epochSeconds(at));
    description
        .putObject("imageScanningConfiguration")
        .put("scanOnPush", input.path("imageScanningConfiguration").path("scanOnPush").asBoolean());
    description.set(
        "encryptionConfiguration", encryption(registry, input.path("encryptionConfiguration")));
    RepositoryState state =
        RepositoryState.created(
            description, Tags.merged(Map.of(), input.path("tags")), Json.object());
    return TagMutability.set(state, input);
  }

  private ObjectNode create(Request request) {
    RepositoryState created = created(request.registry(), request.input(), request.at());
    request.registry().create(created, world.repositoryQuota);
    ObjectNode answer = Json.object();
    answer.set("repository", created.description());
    return answer;
  }

  private static ObjectNode encryption(Registry registry, JsonNode input) {
    String type = input.path("encryptionType").asText("AES256");
    ObjectNode encryption = Json.object().put("encryptionType", type);
    if (!type.equals("AES256")) {
      return encryption.put("kmsKey", registry.kmsArn(input.path("kmsKey")));
    }
    if (input.has("kmsKey")) {
      throw AwsError.invalid(
          "encryptionConfiguration", "A KMS key cannot be specified with encryption type AES256");
    }
    return encryption;
  }

  private ObjectNode putMutability(Request request) {
    RepositoryState changed = request.update(state -> TagMutability.set(state, request.input()));
    ObjectNode answer = request.answer(changed);
    for (String member :
        new String[] {"imageTagMutability", "imageTagMutabilityExclusionFilters"}) {
      if (changed.description().has(member)) {
        answer.set(member, changed.description().path(member));
      }
    }
    return answer;
  }

  private ObjectNode putScanning(Request request) {
    boolean scanOnPush = request.get("imageScanningConfiguration").path("scanOnPush").asBoolean();
    ObjectNode scanning = Json.object();
    scanning.set("scanOnPush", BooleanNode.valueOf(scanOnPush));
    RepositoryState changed =
        request.update(state -> state.with("imageScanningConfiguration", scanning));
    ObjectNode answer = request.answer(changed);
    answer.set("imageScanningConfiguration", scanning);
    return answer;
  }

  private ObjectNode getScanning(Request request) {
    ObjectNode answer = Json.object();
    ArrayNode found = answer.putArray("scanningConfigurations");
    ArrayNode failures = answer.putArray("failures");
    for (String name : request.texts("repositoryNames")) {
      request
          .registry()
          .find(name, request.stale())
          .ifPresentOrElse(
              state -> found.add(effectiveScanning(state, request.registry().scanning())),
              () ->
                  failures
                      .addObject()
                      .put("repositoryName", name)
                      .put("failureCode", "REPOSITORY_NOT_FOUND")
                      .put("failureReason", request.registry().absent(name).text()));
    }
    return answer;
  }

  private static ObjectNode effectiveScanning(
      RepositoryState state, Registry.RegistryScanning registry) {
    boolean own =
        state.description().path("imageScanningConfiguration").path("scanOnPush").asBoolean();
    boolean applied = registry.applies(state.name());
    String frequency = applied ? registry.frequency() : own ? "SCAN_ON_PUSH" : "MANUAL";
    ObjectNode answer =
        Json.object()
            .put("repositoryArn", state.arn())
            .put("repositoryName", state.name())
            .put("scanOnPush", !frequency.equals("MANUAL"))
            .put("scanFrequency", frequency);
    ArrayNode filters = answer.putArray("appliedScanFilters");
    if (applied) {
      filters.addObject().put("filter", registry.wildcard()).put("filterType", "WILDCARD");
    }
    return answer;
  }

  private ObjectNode putLifecycle(Request request) {
    String text = request.text("lifecyclePolicyText");
    RepositoryState changed =
        request.update(
            state -> {
              LifecycleGrammar.check(text);
              return state.withLifecycle(LifecycleText.asReadBack(text));
            });
    return request.answer(changed).put("lifecyclePolicyText", changed.lifecycle());
  }

  private ObjectNode getLifecycle(Request request) {
    RepositoryState state = withLifecycle(request.repository(), request);
    return lifecycleAnswer(request, state);
  }

  private ObjectNode deleteLifecycle(Request request) {
    ObjectNode[] answer = {Json.object()};
    request.update(
        state -> {
          answer[0] = lifecycleAnswer(request, withLifecycle(state, request));
          return state.withLifecycle(null);
        });
    return answer[0];
  }

  private static ObjectNode lifecycleAnswer(Request request, RepositoryState state) {
    ObjectNode answer = request.answer(state).put("lifecyclePolicyText", state.lifecycle());
    answer.set("lastEvaluatedAt", Json.epochSeconds(Instant.EPOCH));
    return answer;
  }

  private static RepositoryState withLifecycle(RepositoryState state, Request request) {
    if (state.lifecycle() == null) {
      throw AwsError.refused(
          "LifecyclePolicyNotFoundException",
          "Lifecycle policy does not exist for the repository with name '%s' in the registry with id '%s'"
              .formatted(state.name(), request.registry().account()));
    }
    return state;
  }
}
