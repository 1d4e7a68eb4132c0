package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.OperatorAccount;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release from its installation to its end, by the real helm on a real API server. There are no
 * nodes: the test starts the operator itself, with the release's service account.
 */
class ReleaseIT {
  private static final String NAMESPACE = "ecr-operator";

  @TempDir Path directory;

  /**
   * The last release, as a package. There is none yet: it is this chart under an earlier version.
   */
  private Path earlierChart(Helm helm) throws IOException {
    var copy = directory.resolve("earlier");
    try (var files = Files.walk(Helm.CHART)) {
      for (var file : files.toList()) {
        Files.copy(file, copy.resolve(Helm.CHART.relativize(file).toString()));
      }
    }
    var chart = copy.resolve("Chart.yaml");
    Files.writeString(
        chart,
        Files.readString(chart)
            .replaceFirst("(?m)^version: .*$", "version: 0.0.9")
            .replaceFirst("(?m)^appVersion: .*$", "appVersion: 0.0.9"));
    helm.succeed("package", copy.toString(), "--destination", directory.toString());
    return directory.resolve("ecr-operator-0.0.9.tgz");
  }

  private static String environment(RealKubeApiServer server, String variable) {
    return server
        .client()
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName("ecr-operator")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(set -> set.getName().equals(variable))
        .map(EnvVar::getValue)
        .findFirst()
        .orElse("");
  }

  private static OperatorAccount account(RealKubeApiServer server, Helm helm) {
    var objects = new ArrayList<JsonNode>();
    for (var object :
        RenderedObject.all(helm.succeed("get", "manifest", "ecr-operator", "-n", NAMESPACE))) {
      if (object.kind().equals("ServiceAccount") || object.kind().contains("Role")) {
        objects.add(object.json());
      }
    }
    return OperatorAccount.of(server, objects);
  }

  @Test
  void anUpgradeGoesOnAndAnUninstallLeavesCrdsObjectsAndRepositories() throws Exception {
    try (var server = RealKubeApiServer.start()) {
      var helm = Helm.of(server.kubeconfig());
      helm.succeed(
          "install",
          "ecr-operator",
          earlierChart(helm).toString(),
          "--namespace",
          NAMESPACE,
          "--create-namespace",
          "--set",
          "settings.resync=10m");
      assertThat(environment(server, "OPERATOR_RESYNC")).isEqualTo("10m");
      assertThat(established(server)).isTrue();

      try (var life = new OperatorLife(server, account(server, helm), directory, NAMESPACE, "")) {
        life.await(Achievement.RUNS);
        life.pursue(Achievement.READY);
        life.await(Achievement.READY);
        var before = repository(server);

        helm.succeed(
            "upgrade",
            "ecr-operator",
            Helm.CHART.toString(),
            "--namespace",
            NAMESPACE,
            "--reset-then-reuse-values",
            "--set",
            "settings.auditRate=3/s");
        assertThat(environment(server, "OPERATOR_RESYNC")).isEqualTo("10m");
        assertThat(environment(server, "OPERATOR_AUDIT_RATE")).isEqualTo("3/s");
        assertThat(chartOfCrd(server)).doesNotEndWith("0.0.9");
        life.restart();
        life.await(Achievement.RUNS);
        life.pursue(Achievement.KEPT);
        life.await(Achievement.KEPT);
        assertThat(repository(server).getMetadata().getUid())
            .isEqualTo(before.getMetadata().getUid());

        life.stop();
        helm.succeed("uninstall", "ecr-operator", "--namespace", NAMESPACE);
        assertThat(server.client().apps().deployments().inAnyNamespace().list().getItems())
            .isEmpty();
        assertThat(server.client().rbac().clusterRoles().withName("ecr-operator").get()).isNull();
        assertThat(established(server)).isTrue();
        assertThat(repository(server).getMetadata().getUid())
            .isEqualTo(before.getMetadata().getUid());
        assertThat(repository(server).isMarkedForDeletion()).isFalse();
        assertThat(life.destructiveCalls()).isEmpty();
      }

      // It comes back, takes its CRDs again, and goes on where it was.
      helm.succeed("install", "ecr-operator", Helm.CHART.toString(), "--namespace", NAMESPACE);
      assertThat(chartOfCrd(server)).isEqualTo("ecr-operator-0.1.0");
    }
  }

  private static boolean established(RealKubeApiServer server) {
    return server
            .kubectl(
                "wait",
                "--for=condition=Established",
                "crd/repositories.ecroperator.dev",
                "crd/imagereplications.ecroperator.dev",
                "--timeout=60s")
            .exitCode()
        == 0;
  }

  private static Repository repository(RealKubeApiServer server) {
    return server
        .client()
        .resources(Repository.class)
        .inNamespace(NAMESPACE)
        .withName("object")
        .get();
  }

  private static String chartOfCrd(RealKubeApiServer server) {
    return server
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("repositories.ecroperator.dev")
        .get()
        .getMetadata()
        .getLabels()
        .getOrDefault("helm.sh/chart", "");
  }

  @Test
  void crdsThatWereAppliedByHandAreTakenOverWhenHelmIsToldTo() {
    try (var server = RealKubeApiServer.start().withCustomResourceDefinitions()) {
      var helm = Helm.of(server.kubeconfig());
      var install =
          new ArrayList<>(
              List.of(
                  "install",
                  "ecr-operator",
                  Helm.CHART.toString(),
                  "--namespace",
                  NAMESPACE,
                  "--create-namespace"));

      assertThat(helm.run(install.toArray(String[]::new)).output())
          .contains("invalid ownership metadata", "imagereplications.ecroperator.dev");
      install.add("--take-ownership");
      helm.succeed(install.toArray(String[]::new));
      assertThat(chartOfCrd(server)).isEqualTo("ecr-operator-0.1.0");
    }
  }

  @Test
  void theNotesTellOfTheIamStep() {
    try (var server = RealKubeApiServer.start()) {
      assertThat(notes(server))
          .contains(
              "aws eks create-pod-identity-association",
              "--namespace ecr-operator --service-account ecr-operator",
              "WARNING: aws.region is empty. A pod that nobody tells a region ends",
              "kubectl get namespace kube-system -o jsonpath={.metadata.uid}",
              "in the files of https://github.com/ecr-operator/ecr-operator/tree/main/examples/iam",
              "replace my-cluster/ by that and a slash",
              "--reuse-values \\\n       --set-string serviceAccount.annotations.",
              "--clusterrole=ecr-operator-edit",
              "kubectl get ecrrepo\n")
          .doesNotContain("Beware", "one ClusterRole remains");
      assertThat(
              notes(
                  server,
                  "--set",
                  "aws.region=eu-west-1,crds.keep=false,watchNamespaces={payments}",
                  "--set",
                  "kinds={ImageReplication}",
                  "--set-string",
                  "serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn=arn:aws:iam::1:role/r"))
          .contains(
              "arn:aws:iam::1:role/r (IRSA)",
              "system:serviceaccount:ecr-operator:ecr-operator",
              "kind: ImageReplication\n",
              "kubectl get imgrepl -n payments\n",
              "Beware: crds.keep=false. helm uninstall removes the CRDs too",
              "Delete every Repository and ImageReplication before",
              "Without ownerId one ClusterRole remains")
          .doesNotContain("create-pod-identity-association", "WARNING", "kind: Repository");
      assertThat(notes(server, "--set", "watchNamespaces={payments}"))
          .contains("kubectl get ecrrepo -n payments\n");
      assertThat(notes(server, "--set", "ownerId=blue,rbac.aggregateToAdmin=true"))
          .contains(
              "Its owner id is blue.",
              "replace my-cluster/ by blue/",
              "Everybody who has the role admin in a namespace may write such objects")
          .doesNotContain("kube-system", "rolebinding");
      assertThat(notes(server, "--set", "ownerId=my-cluster"))
          .contains("replace 111122223333 by your account")
          .doesNotContain("my-cluster/");
    }
  }

  private static String notes(RealKubeApiServer server, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "install",
                "ecr-operator",
                Helm.CHART.toString(),
                "--namespace",
                NAMESPACE,
                "--dry-run=client"));
    command.addAll(List.of(arguments));
    var output = Helm.of(server.kubeconfig()).succeed(command.toArray(String[]::new));
    return output.substring(output.indexOf("NOTES:"));
  }

  @Test
  void helmTestTellsWhetherItsPodSucceeded() throws Exception {
    try (var server = RealKubeApiServer.start()) {
      server
          .client()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(NAMESPACE)
                  .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                  .endMetadata()
                  .build())
          .create();
      var helm = Helm.of(server.kubeconfig());
      helm.succeed("install", "ecr-operator", Helm.CHART.toString(), "--namespace", NAMESPACE);

      assertThat(helmTest(server, helm, "Succeeded").output()).contains("Succeeded");
      assertThat(helmTest(server, helm, "Succeeded").exitCode()).isZero();
      assertThat(helmTest(server, helm, "Failed").exitCode()).isNotZero();
    }
  }

  /** Runs {@code helm test}, and is the kubelet of its pod. */
  private static Command.Answer helmTest(RealKubeApiServer server, Helm helm, String phase)
      throws Exception {
    var pod = server.client().pods().inNamespace(NAMESPACE).withName("ecr-operator-test");
    // What the last test left is removed first: the pod to be answered for is another.
    var last = pod.get();
    // Not in the common pool, which on a small machine the client needs for itself.
    var answer =
        new FutureTask<>(
            () -> helm.run("test", "ecr-operator", "-n", NAMESPACE, "--timeout", "2m"));
    Thread.ofPlatform().daemon().start(answer);
    Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              var now = pod.get();
              return now != null
                  && (last == null
                      || !now.getMetadata().getUid().equals(last.getMetadata().getUid()));
            });
    pod.subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"status\": {\"phase\": \"" + phase + "\"}}");
    return answer.get(3, TimeUnit.MINUTES);
  }
}
