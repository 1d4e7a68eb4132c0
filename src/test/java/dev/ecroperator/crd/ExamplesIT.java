package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples, applied as a user does it, to a fresh cluster. */
class ExamplesIT {

  private @Nullable RealKubeApiServer server;

  @BeforeEach
  void start() {
    server = RealKubeApiServer.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aUserAppliesTheCrdsTheExamplesAndThePermissions() throws IOException {
    succeeds("apply", "-f", "crds/");
    succeeds("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");

    var created = succeeds("apply", "-f", "examples/");
    assertThat(created.lines()).hasSize(examples()).allMatch(line -> line.endsWith(" created"));

    // No drift: nothing is filled in or dropped, applied from either side.
    assertThat(succeeds("diff", "-f", "examples/")).isEmpty();
    assertThat(succeeds("apply", "-f", "examples/").lines())
        .allMatch(line -> line.endsWith(" unchanged"));
    succeeds("delete", "-f", "examples/");
    succeeds("apply", "--server-side", "-f", "examples/");
    assertThat(succeeds("diff", "--server-side", "-f", "examples/")).isEmpty();
    // The second apply stores the default of status, which the API server had filled in on reading.
    succeeds("apply", "--server-side", "-f", "examples/");
    var versions = "jsonpath={.items[*].metadata['generation','resourceVersion']}";
    var before = succeeds("get", "ecrrepo,imgrepl", "-o", versions);
    succeeds("apply", "--server-side", "-f", "examples/");
    assertThat(succeeds("get", "ecrrepo,imgrepl", "-o", versions)).isEqualTo(before);
    assertThat(succeeds("get", "ecrrepo,imgrepl", "-o", "jsonpath={.items[*].metadata.generation}"))
        .matches("[1 ]+");

    // What is wrong on purpose: one is for the API server to refuse, the other for the operator.
    var refused = server().kubectl("apply", "-f", "examples/wrong/schema.yaml");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output())
        .contains("add them, remove them or change the mode")
        .contains("remove it or change the type")
        .contains("keep one of them");
    succeeds("apply", "-f", "examples/wrong/lifecycle-json.yaml");

    explained("ecrrepo", "One AWS ECR repository");
    explained("ecrrepo.spec", "Immutable");
    explained("ecrrepo.spec.imageTagMutability.mode", "ENUM:", "IMMUTABLE_WITH_EXCLUSION");
    explained("ecrrepo.spec.lifecyclePolicy.rules.selection.countNumber", "integer", "Example: 7");
    explained("ecrrepo.status.conditions", "Ready");
    explained("imgrepl", "Which repositories");
    explained("imgrepl.status.destinations.state", "Synced", "Unauthorized");

    succeeds("apply", "-f", "examples/install/rbac.yaml");
    permitted("yes", "patch", "repositories.ecroperator.dev");
    permitted("yes", "watch", "repositories.ecroperator.dev");
    permitted("yes", "update", "repositories.ecroperator.dev", "--subresource=status");
    permitted("yes", "patch", "imagereplications.ecroperator.dev");
    permitted("yes", "watch", "imagereplications.ecroperator.dev");
    permitted("yes", "patch", "imagereplications.ecroperator.dev", "--subresource=status");
    permitted("yes", "create", "events");
    permitted("yes", "get", "namespaces/kube-system");
    permitted("no", "get", "namespaces/default");
    permitted("no", "create", "repositories.ecroperator.dev");
    permitted("no", "delete", "repositories.ecroperator.dev");
    permitted("no", "create", "imagereplications.ecroperator.dev");
    permitted("no", "get", "secrets");
  }

  private void explained(String field, String... words) {
    assertThat(succeeds("explain", field)).contains(words);
  }

  private void permitted(String answer, String verb, String... what) {
    var arguments = new ArrayList<String>();
    arguments.add("auth");
    arguments.add("can-i");
    arguments.add(verb);
    arguments.addAll(List.of(what));
    arguments.add("--as=system:serviceaccount:ecr-operator:ecr-operator");
    arguments.add("--quiet=false");
    assertThat(server().kubectl(arguments.toArray(String[]::new)).output().lines())
        .as("can-i %s", arguments)
        .endsWith(answer);
  }

  private String succeeds(String... arguments) {
    var kubectl = server().kubectl(arguments);
    assertThat(kubectl.exitCode()).as(kubectl.output()).isZero();
    return kubectl.output();
  }

  private static int examples() throws IOException {
    try (var files = Files.list(Path.of("examples"))) {
      return (int) files.filter(Files::isRegularFile).count();
    }
  }

  private RealKubeApiServer server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }
}
