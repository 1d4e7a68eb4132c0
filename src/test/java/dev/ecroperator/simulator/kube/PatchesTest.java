package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kinds of patch do. */
class PatchesTest extends AgainstSimulator {
  @Test
  void aJsonPatchWhoseTestFailsChangesNothing() {
    create("one");

    refused(
        422,
        "rejected",
        () ->
            patch(
                "one",
                PatchType.JSON,
                """
                [{"op":"test","path":"/spec/colour","value":"Green"},
                 {"op":"add","path":"/spec/size","value":2}]
                """));
    assertThat(stored("one").path("spec").has("size")).isFalse();
    patch("one", PatchType.JSON, "[{\"op\":\"add\",\"path\":\"/spec/size\",\"value\":2}]");
    assertThat(stored("one").at("/spec/size").asInt()).isEqualTo(2);
  }

  @Test
  void anApplierGivesUpTheFieldsItLeavesOut() {
    apply("a", true, Map.of("colour", "Red", "size", 2, "words", List.of("x", "y")));
    apply("b", true, Map.of("colour", "Red", "words", List.of("z")));
    apply("a", true, Map.of("colour", "Red", "words", List.of("y")));

    assertThat(stored("one").path("spec").has("size")).isFalse();
    assertThat(stored("one").at("/spec/words")).hasToString("[\"y\",\"z\"]");
  }

  @Test
  void anApplierMustForceWhatAnotherOwns() {
    apply("a", false, Map.of("colour", "Red"));

    refused(
        409,
        "Apply failed with 1 conflict: conflict with \"a\": .spec.colour",
        () -> apply("b", false, Map.of("colour", "Green")));
    apply("b", true, Map.of("colour", "Green"));
    assertThat(stored("one").at("/spec/colour").asText()).isEqualTo("Green");
    String version = stored("one").at("/metadata/resourceVersion").asText();
    apply("b", true, Map.of("colour", "Green"));
    assertThat(stored("one").at("/metadata/resourceVersion").asText()).isEqualTo(version);
  }

  private void apply(String manager, boolean force, Map<String, Object> spec) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(force)
            .build();
    gadgets().resource(gadget("one", spec)).patch(context);
  }

  @Test
  void builtInKindsKnowEveryPatchAndAreReplacedWithoutAVersion() {
    client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .endMetadata()
                .addToData("a", "1")
                .build())
        .create();
    client
        .configMaps()
        .withName("settings")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"b\":\"2\"}}");

    List<String> keys = new ArrayList<>();
    simulator
        .get("configmaps", "default", "settings")
        .orElseThrow()
        .path("data")
        .fieldNames()
        .forEachRemaining(keys::add);
    assertThat(keys).containsExactly("a", "b");
    refused(
        415,
        "unknown format",
        () -> {
          create("one");
          patch("one", PatchType.STRATEGIC_MERGE, "{}");
        });
  }
}
