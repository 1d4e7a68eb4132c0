package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.simulator.kube.ServerUnderTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of an API server through kubectl: see {@link ApiServerConformanceIT}. */
@ExtendWith(KubeDifferences.class)
class KubectlConformanceIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READY =
      """
      {"status": {"observedGeneration": 1, "uri": "example/one", "region": "eu-west-1",
        "effective": {"imageTagMutability": {"mode": "MUTABLE"}},
        "conditions": [
          {"type": "Stalled", "status": "False", "reason": "No"},
          {"type": "Ready", "status": "True", "reason": "InSync"}]}}
      """;

  @RegisterExtension static final ServerUnderTest server = new ServerUnderTest();

  // One for all tests: kubectl keeps in it what it has discovered.
  @TempDir static Path directory;

  private static String kubectl(String... arguments) throws Exception {
    Outcome outcome = server.kubectl(directory, arguments);
    assertThat(outcome.exit()).as(outcome.text()).isZero();
    return outcome.text();
  }

  private static String refused(String... arguments) throws Exception {
    Outcome outcome = server.kubectl(directory, arguments);
    assertThat(outcome.exit()).as(outcome.text()).isNotZero();
    return outcome.text();
  }

  private static String manifest(String spec) throws IOException {
    Path file = directory.resolve("one.yaml");
    Files.writeString(
        file,
        """
        apiVersion: ecroperator.dev/v1alpha1
        kind: Repository
        metadata: {name: one}
        spec: %s
        """
            .formatted(spec));
    return file.toString();
  }

  private static String spec() throws Exception {
    return kubectl("get", "ecrrepo", "one", "-o", "jsonpath={.spec}");
  }

  private static void makeReady() throws Exception {
    kubectl("patch", "ecrrepo", "one", "--subresource=status", "--type=merge", "-p", READY);
  }

  @Test
  void appliesOnTheClientSide() throws Exception {
    assertThat(kubectl("apply", "-f", manifest("{suspend: true, tags: {a: b}}")))
        .isEqualTo("repository.ecroperator.dev/one created\n");
    assertThat(kubectl("apply", "-f", manifest("{suspend: true, tags: {a: b}}")))
        .isEqualTo("repository.ecroperator.dev/one unchanged\n");
    assertThat(kubectl("diff", "-f", manifest("{suspend: true, tags: {a: b}}"))).isEmpty();
    Outcome difference = server.kubectl(directory, "diff", "-f", manifest("{suspend: false}"));
    assertThat(difference.exit()).isEqualTo(1);
    assertThat(difference.text()).contains("-  suspend: true\n", "+  suspend: false\n");
    assertThat(kubectl("apply", "-f", manifest("{suspend: false}"))).contains("one configured");
    assertThat(spec()).isEqualTo("{\"suspend\":false}");
    assertThat(kubectl("apply", "--dry-run=server", "-f", manifest("{suspend: true}")))
        .contains("one configured (server dry run)");
    assertThat(spec()).isEqualTo("{\"suspend\":false}");
    assertThat(kubectl("replace", "-f", manifest("{suspend: true}"))).contains("one replaced");
    assertThat(spec()).isEqualTo("{\"suspend\":true}");
  }

  @Test
  void appliesOnTheServerSide() throws Exception {
    String applied = "repository.ecroperator.dev/one serverside-applied\n";
    assertThat(kubectl("apply", "--server-side", "-f", manifest("{suspend: true, tags: {a: b}}")))
        .isEqualTo(applied);
    assertThat(kubectl("diff", "--server-side", "-f", manifest("{suspend: true, tags: {a: b}}")))
        .isEmpty();
    Outcome difference =
        server.kubectl(directory, "diff", "--server-side", "-f", manifest("{suspend: true}"));
    assertThat(difference.exit()).isEqualTo(1);
    assertThat(difference.text()).contains("-  tags:\n", "-    a: b\n");
    kubectl("apply", "--server-side", "-f", manifest("{suspend: true}"));
    assertThat(spec()).isEqualTo("{\"suspend\":true}");

    assertThat(
            kubectl(
                "apply", "--server-side", "--force-conflicts", "-f", manifest("{suspend: false}")))
        .isEqualTo(applied);
    assertThat(spec()).isEqualTo("{\"suspend\":false}");
  }

  @Test
  void mustForceWhatAnotherHasApplied() throws Exception {
    kubectl("apply", "--server-side", "-f", manifest("{suspend: true}"));

    String[] another = {
      "apply", "--server-side", "--field-manager=x", "-f", manifest("{suspend: false}")
    };
    assertThat(refused(another))
        .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.suspend")
        .contains("--force-conflicts");
  }

  @Test
  void goesOverFromApplyingOnTheClientSide() throws Exception {
    kubectl("apply", "-f", manifest("{suspend: true, tags: {a: b}}"));

    kubectl("apply", "--server-side", "-f", manifest("{tags: {a: c}}"));

    // What was applied before is given up, as if it had been applied on the server side.
    assertThat(spec()).isEqualTo("{\"tags\":{\"a\":\"c\"}}");
  }

  @Test
  void printsTheColumnsOfTheCrdInTheirOrder() throws Exception {
    kubectl("create", "-f", manifest("{}"));
    assertThat(kubectl("get", "ecrrepo"))
        .matches("NAME +READY +REASON +URI +AGE *\none +[0-9]+s\n");
    makeReady();

    assertThat(kubectl("get", "ecrrepo"))
        .matches("NAME +READY +REASON +URI +AGE *\none +True +InSync +example/one +[0-9]+s\n");
    assertThat(kubectl("get", "ecr", "-o", "wide"))
        .containsPattern(
            "NAME +READY +REASON +URI +VISIBILITY +REGION +MUTABILITY +SCAN +ENCRYPTION +AGE *\n"
                + "(repository.ecroperator.dev/)?one +True +InSync +example/one +eu-west-1 +MUTABLE"
                + " +[0-9]+s\n");
    assertThat(kubectl("get", "repositories", "-A"))
        .containsPattern("NAMESPACE +NAME +READY +REASON +URI +AGE *\n")
        .containsPattern(server.namespace() + " +one +True ");
    assertThat(kubectl("get", "repository.ecroperator.dev/one", "-o", "name"))
        .isEqualTo("repository.ecroperator.dev/one\n");
    assertThat(kubectl("get", "ecrrepo", "--field-selector", "metadata.name=one")).contains("one ");
    assertThat(kubectl("get", "ecrrepo", "--sort-by=.metadata.name", "--chunk-size=1"))
        .contains("one ");
  }

  @Test
  void describesAnObjectAndItsEvents() throws Exception {
    kubectl("create", "-f", manifest("{tags: {a: b}}"));
    makeReady();
    String uid = server.stored("one").getMetadata().getUid();
    server
        .client()
        .resource(
            server.object(
                """
                apiVersion: v1
                kind: Event
                metadata: {generateName: one., namespace: %1$s}
                involvedObject: {apiVersion: ecroperator.dev/v1alpha1, kind: Repository, name: one, namespace: %1$s, uid: %2$s}
                reason: Created
                message: the repository is made
                type: Normal
                count: 1
                firstTimestamp: "2026-11-01T12:00:00Z"
                lastTimestamp: "2026-11-01T12:00:00Z"
                source: {component: test}
                """
                    .formatted(server.namespace(), uid)))
        .create();

    assertThat(kubectl("describe", "ecrrepo", "one"))
        .containsPattern("Name: +one\n")
        .containsPattern("API Version: +ecroperator.dev/v1alpha1\n")
        .containsPattern("Reason: +InSync\n")
        .containsPattern("Events:\n")
        .containsPattern("Normal +Created +[0-9dhms]+ +test +the repository is made\n");
    assertThat(kubectl("get", "events"))
        .containsPattern("LAST SEEN +TYPE +REASON +OBJECT +MESSAGE *\n")
        .containsPattern(
            "[0-9dhms]+ +Normal +Created +(repository/)?one +the repository is made\n");
    assertThat(kubectl("events", "--for", "repository.ecroperator.dev/one"))
        .contains("the repository is made");
  }

  @Test
  void explainsFromTheSchema() throws Exception {
    assertThat(kubectl("explain", "ecrrepo.spec.imageTagMutability.mode"))
        .containsPattern("GROUP: +ecroperator.dev\nKIND: +Repository\nVERSION: +v1alpha1\n")
        .containsPattern("FIELD: mode <string>")
        .contains("ENUM:\n")
        .contains("IMMUTABLE_WITH_EXCLUSION");
    assertThat(kubectl("explain", "ecrrepo", "--recursive"))
        .containsPattern("DESCRIPTION:\n +One AWS ECR repository")
        .containsPattern("\n  apiVersion\t<string>\n")
        .containsPattern("\n  metadata\t<Object(Meta)?>\n")
        .containsPattern("\n  spec\t<Object> -required-\n")
        .containsPattern("\n    tags\t<map\\[string\\]string>\n")
        .containsPattern("\n        rulePriority\t<integer> -required-\n");
    assertThat(refused("explain", "ecrrepo.spec.surprise")).contains("does not exist");
  }

  @Test
  void findsTheKinds() throws Exception {
    assertThat(kubectl("api-resources", "--api-group=ecroperator.dev", "-o", "wide"))
        .containsPattern(
            "repositories +ecrrepo +ecroperator.dev/v1alpha1 +true +Repository +"
                + "[a-z,]*delete[a-z,]* +ecr\n");
    assertThat(kubectl("api-versions")).contains("ecroperator.dev/v1alpha1\n", "v1\n");
    assertThat(refused("get", "surprises")).contains("the server doesn't have a resource type");
    assertThat(kubectl("get", "namespaces"))
        .containsPattern("NAME +(STATUS +)?AGE *\n")
        .containsPattern("kube-system +(Active +)?[0-9dhms]+\n");
    assertThat(kubectl("get", "leases,events")).contains("No resources found");
    assertThat(kubectl("version")).contains("Server Version: v1.");
  }

  @Test
  void refusesWhatTheSchemaRefuses() throws Exception {
    assertThat(refused("apply", "-f", manifest("{surprise: 1}")))
        .contains("strict decoding error: unknown field \"spec.surprise\"");
    assertThat(refused("apply", "--server-side", "-f", manifest("{surprise: 1}")))
        .contains("spec.surprise");
    assertThat(refused("apply", "-f", manifest("{suspend: 'yes'}")))
        .contains(" is invalid: ")
        .contains("spec.suspend: Invalid value: \"string\"");
    kubectl("create", "-f", manifest("{}"));
    assertThat(refused("create", "-f", manifest("{}")))
        .contains("Error from server (AlreadyExists): ")
        .contains("repositories.ecroperator.dev \"one\" already exists");
  }

  @Test
  void changesAnObjectInPlace() throws Exception {
    kubectl("create", "-f", manifest("{tags: {a: b}}"));

    assertThat(kubectl("annotate", "ecrrepo/one", "ecroperator.dev/requestedAt=now"))
        .isEqualTo("repository.ecroperator.dev/one annotated\n");
    assertThat(kubectl("label", "ecrrepo", "one", "team=a", "--overwrite"))
        .isEqualTo("repository.ecroperator.dev/one labeled\n");
    assertThat(kubectl("get", "ecrrepo", "one", "-o", "jsonpath={.metadata.labels}"))
        .isEqualTo("{\"team\":\"a\"}");
    kubectl("patch", "ecrrepo", "one", "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}");
    kubectl(
        "patch",
        "ecrrepo",
        "one",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/spec/tags\"}]");
    assertThat(spec()).isEqualTo("{\"suspend\":true}");
    assertThat(kubectl("patch", "ecrrepo", "one", "--type=merge", "-p", "{}"))
        .contains("one patched (no change)");
    assertThat(refused("patch", "ecrrepo", "none", "--type=merge", "-p", "{}"))
        .contains("Error from server (NotFound): repositories.ecroperator.dev \"none\" not found");
    assertThat(kubectl("get", "ecrrepo", "one", "-o", "jsonpath={.metadata.annotations}"))
        .isEqualTo("{\"ecroperator.dev/requestedAt\":\"now\"}");
  }

  @Test
  void editsAnObject() throws Exception {
    kubectl("create", "-f", manifest("{suspend: true}"));

    // An editor that is a command.
    Outcome edited =
        server.kubectl(
            directory, Map.of("KUBE_EDITOR", "sed -i s/true/false/"), "edit", "ecrrepo", "one");

    assertThat(edited.text()).isEqualTo("repository.ecroperator.dev/one edited\n");
    assertThat(spec()).isEqualTo("{\"suspend\":false}");
  }

  @Test
  void waitsForConditionsAndFieldsAndGivesUpInTime() throws Exception {
    kubectl("create", "-f", manifest("{}"));
    Path output = Files.createTempFile(directory, "wait", ".txt");
    Process waiting =
        server.launch(output, "wait", "--for=condition=Ready", "ecrrepo/one", "--timeout=120s");

    makeReady();

    assertThat(waiting.waitFor()).as(Files.readString(output)).isZero();
    assertThat(kubectl("wait", "--for=jsonpath={.status.region}=eu-west-1", "ecrrepo", "--all"))
        .isEqualTo("repository.ecroperator.dev/one condition met\n");
    assertThat(refused("wait", "--for=delete", "ecrrepo/one", "--timeout=1s"))
        .contains("timed out waiting");
  }

  @Test
  void watchesAndWaitsUntilAnObjectIsGone() throws Exception {
    kubectl("create", "-f", manifest("{}"));
    kubectl(
        "patch",
        "ecrrepo",
        "one",
        "--type=merge",
        "-p",
        "{\"metadata\":{\"finalizers\":[\"example.dev/hold\"]}}");
    Path output = Files.createTempFile(directory, "watch", ".txt");
    Path deletion = Files.createTempFile(directory, "delete", ".txt");
    Process watch = server.launch(output, "get", "ecrrepo", "-w", "--output-watch-events");
    try {
      seen(output, "ADDED +one +[0-9]+s\n");
      makeReady();
      seen(output, "MODIFIED +one +True +InSync +example/one +[0-9]+s\n");
      Process deleting = server.launch(deletion, "delete", "ecrrepo", "one");
      seen(deletion, "repository.ecroperator.dev \"one\" deleted");
      assertThat(deleting.isAlive()).isTrue();
      kubectl(
          "patch", "ecrrepo", "one", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
      assertThat(deleting.waitFor()).isZero();
      seen(output, "DELETED +one ");
    } finally {
      watch.destroyForcibly().waitFor();
    }
    assertThat(refused("get", "ecrrepo", "one"))
        .isEqualTo(
            "Error from server (NotFound): repositories.ecroperator.dev \"one\" not found\n");
    assertThat(kubectl("delete", "ecrrepo", "one", "--ignore-not-found")).isEmpty();
    kubectl("create", "-f", manifest("{}"));
    assertThat(kubectl("delete", "ecrrepo", "--all")).contains("\"one\" deleted");
    assertThat(kubectl("wait", "--for=delete", "ecrrepo/one", "--timeout=120s")).isEmpty();
  }

  private static void seen(Path output, String pattern) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(Files.readString(output)).containsPattern(pattern));
  }

  @Test
  void createsANamespace() throws Exception {
    Path file = directory.resolve("namespace.yaml");
    String name = server.namespace() + "-more";
    Files.writeString(
        file, "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n".formatted(name));

    assertThat(kubectl("apply", "-f", file.toString()))
        .isEqualTo("namespace/" + name + " created\n");
    assertThat(kubectl("apply", "--server-side", "-f", file.toString())).contains("applied");
    assertThat(kubectl("apply", "-n", name, "-f", manifest("{}"))).contains("one created");
  }

  @Test
  void createsANamespaceByItsName() throws Exception {
    assertThat(kubectl("create", "namespace", server.namespace() + "-x")).contains("created");
  }
}
