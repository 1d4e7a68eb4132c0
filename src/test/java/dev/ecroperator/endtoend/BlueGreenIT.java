package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two clusters with an operator each, and one registry: a hand-over from blue to green. */
class BlueGreenIT {
  @RegisterExtension static final Scene blue = Scene.withResync("3s");

  @Test
  void theFormerOwnerSeesTheNewTagAndLetsGo() {
    RepositoryObject ofBlue = blue.repository("handed-over").create(EditIT.EVERYTHING);
    ofBlue.awaitInSync();
    Path directory = blue.directory();
    try (KubernetesCluster cluster = Backends.separateCluster(Path.of("crds"), directory)) {
      Map<String, String> environment = blue.environment();
      environment.put("KUBECONFIG", cluster.kubeconfig().toString());
      environment.put("OPERATOR_OWNER_ID", "green");
      environment.remove("OPERATOR_WATCH_NAMESPACES");
      try (OperatorProcess green =
          OperatorProcess.start(environment, directory.resolve("green.log"))) {
        green.awaitPort();
        RepositoryObject ofGreen = blue.repositoryIn(cluster, "handed-over");
        ofGreen.create(
            "{takeOverFrom: %s, imageTagMutability: {mode: MUTABLE}}".formatted(ofBlue.ownerTag()));
        ofGreen.awaitInSync();

        assertThat(ofBlue.awaitMessage("Conflict")).contains("green/default/handed-over");
        assertThat(ofBlue.managed()).isEmpty();
        // Two at least are the former owner's.
        ofGreen.awaitLooks(6);
        assertThat(ofGreen.inEcr().mutability()).isEqualTo("MUTABLE");
        assertThat(ofGreen.inEcr().scanOnPush()).isTrue();
        assertThat(ofGreen.tags())
            .containsEntry("ecroperator.dev/owner", "green/default/handed-over")
            .containsEntry("team", "payments");
        ofGreen.awaitInSync();

        ofBlue.set("deletionPolicy", "ForceDelete");
        ofBlue.delete();
        ofBlue.awaitGone();
        assertThat(ofGreen.find()).isPresent();
      }
    }
  }
}
