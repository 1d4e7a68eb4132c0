package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.api.Annotations;
import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.endtoend.CutLine.Effect;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.PublicRepositorySnapshot;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stories of {@link CrashStory}, told. */
final class RepositoryCrash {
  private static final String FOREIGN = "somebody-elses";

  private RepositoryCrash() {}

  /**
   * All that two runs must have in common: what is unique to a run, such as times, is left out.
   *
   * @param object what is stored of the object; empty where it is gone
   * @param ecr all private repositories of the registry
   * @param gallery all public repositories of the account
   * @param policies their policies, compared by meaning
   * @param lifecycle what the status tells of the lifecycle policy, likewise
   */
  record EndState(
      Optional<JsonNode> object,
      Map<String, RepositorySnapshot> ecr,
      Map<String, PublicRepositorySnapshot> gallery,
      Map<String, PolicyDocument> policies,
      LifecyclePolicy lifecycle) {}

  /** Tells the story; at the point, if there is one, the operator is killed and started again. */
  static CrashRun<EndState> tell(CrashStory story, @Nullable CrashPoint point)
      throws InterruptedException {
    try (CrashScene stage = new CrashScene()) {
      Scene scene = stage.scene();
      addForeignRepositories(scene);
      RepositorySnapshot foreign = scene.outsider().find(FOREIGN).orElseThrow();
      PublicRepositorySnapshot foreignInGallery = inGallery(scene);
      RepositoryObject object = scene.repository(story.repository());
      List<Effect> effects =
          stage.tell(
              () -> story.prepare(scene, object),
              () -> story.ask(scene, object),
              point,
              () -> story.awaitEnd(object));
      if (!story.endsGone()) {
        // A pass of the last operator has looked, and found nothing more to do.
        object.look("at-the-end");
        object.awaitInSync();
      }

      assertThat(scene.outsider().find(FOREIGN)).as("somebody else's").contains(foreign);
      assertThat(inGallery(scene)).as("somebody else's").isEqualTo(foreignInGallery);
      return new CrashRun<>(effects, endState(stage, object));
    }
  }

  private static PublicRepositorySnapshot inGallery(Scene scene) {
    return scene.ecrSimulator().publicRepository(OperatorProcess.ACCOUNT, FOREIGN);
  }

  private static void addForeignRepositories(Scene scene) {
    scene.outsider().create(FOREIGN, Map.of("ecroperator.dev/owner", "green/default/x", "a", "b"));
    scene.outsider().setPolicy(FOREIGN, EditIT.FOREIGN_POLICY);
    scene.outsider().setLifecycle(FOREIGN, EditIT.LIFECYCLE);
    scene.outsider().push(FOREIGN, "v1");
    BackDoor gallery = scene.ecrSimulator().publicBackDoor(OperatorProcess.ACCOUNT);
    gallery.create(FOREIGN);
    gallery.setPolicy(FOREIGN, EditIT.FOREIGN_POLICY);
    gallery.setCatalog(FOREIGN, Map.of("usageText", "theirs"));
    gallery.setTags(FOREIGN, Map.of("a", "b"));
    gallery.putImage(FOREIGN, "v1");
  }

  private static EndState endState(CrashScene stage, RepositoryObject object) {
    Scene scene = stage.scene();
    Map<String, RepositorySnapshot> ecr = new TreeMap<>();
    Map<String, PolicyDocument> policies = new TreeMap<>();
    scene
        .ecrSimulator()
        .repositories(OperatorProcess.ACCOUNT, Scene.REGION)
        .forEach(
            (name, repository) -> {
              ecr.put(name, comparable(stage, repository));
              policies.put(name, parsed(repository.policy()));
            });
    Map<String, PublicRepositorySnapshot> gallery = new TreeMap<>();
    scene
        .ecrSimulator()
        .publicRepositories(OperatorProcess.ACCOUNT)
        .forEach(
            (name, repository) -> {
              gallery.put(name, comparable(stage, repository));
              policies.put("public " + name, parsed(repository.policy()));
            });
    JsonNode stored = object.stored();
    // As it was sent, or as AWS spells it: which of the two depends on the last look.
    String told = stored.at("/status/effective/accessPolicy").asText("");
    policies.put("told by the status", PolicyDocument.parse(told));
    String lifecycle = stored.at("/status/effective/lifecyclePolicy").asText("");
    return new EndState(
        stage.comparable(stored).map(RepositoryCrash::comparable),
        ecr,
        gallery,
        policies,
        lifecycle.isEmpty() ? LifecyclePolicy.none() : LifecyclePolicy.parse(lifecycle));
  }

  private static PolicyDocument parsed(@Nullable String policy) {
    return PolicyDocument.parse(policy == null ? "" : policy);
  }

  private static RepositorySnapshot comparable(CrashScene stage, RepositorySnapshot r) {
    return new RepositorySnapshot(
        r.name(),
        r.arn(),
        r.uri(),
        Instant.EPOCH,
        r.mutability(),
        r.exclusionFilters(),
        r.scanOnPush(),
        r.encryptionType(),
        r.kmsKey(),
        tags(stage, r.tags()),
        null,
        r.lifecycle(),
        r.images());
  }

  private static PublicRepositorySnapshot comparable(CrashScene stage, PublicRepositorySnapshot r) {
    return new PublicRepositorySnapshot(
        r.name(),
        r.arn(),
        r.uri(),
        Instant.EPOCH,
        r.description(),
        r.aboutText(),
        r.usageText(),
        r.architectures(),
        r.operatingSystems(),
        r.hasLogo(),
        tags(stage, r.tags()),
        null,
        r.images());
  }

  /** The owner's tag names the namespace. */
  private static Map<String, String> tags(CrashScene stage, Map<String, String> tags) {
    Map<String, String> comparable = new TreeMap<>(tags);
    comparable.replaceAll((key, value) -> stage.anyNamespace(value));
    return comparable;
  }

  private static JsonNode comparable(JsonNode object) {
    ObjectNode status = (ObjectNode) object.path("status");
    status.withObjectProperty("effective").remove(List.of("accessPolicy", "lifecyclePolicy"));
    // What the last look that found something found: less, where the one before was cut off.
    status.remove("drift");
    ObjectNode annotations = (ObjectNode) object.at("/metadata/annotations");
    String declared = annotations.path(Annotations.DECLARED).asText();
    // It begins with the object's uid.
    annotations.put(Annotations.DECLARED, declared.substring(declared.indexOf('/')));
    return object;
  }
}
