package dev.ecroperator.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real API server takes each object that the chart renders, whatever the values: fields that it
 * does not know or would drop are refused.
 */
class ChartMatrixIT {
  private static @Nullable RealKubeApiServer running;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    running =
        RealKubeApiServer.start()
            .withCustomResourceDefinitions()
            .withCustomResourceDefinitions(Helm.monitoringCrds());
    namespace("ecr-operator", "restricted");
    namespace("payments", "restricted");
    namespace("platform", "restricted");
    namespace("host-network", "privileged");
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static RealKubeApiServer server() {
    return requireNonNull(running);
  }

  private static void namespace(String name, String podSecurity) {
    server()
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", podSecurity))
                .endMetadata()
                .build())
        .create();
  }

  /** Each switch of the chart at least once, and once with all its fields. */
  static List<String> values() {
    return List.of(
        "{}",
        "crds: {enabled: false}",
        "crds: {keep: false}",
        "kinds: [Repository]",
        "kinds: [ImageReplication]",
        "watchNamespaces: [payments, platform]",
        "{watchNamespaces: [payments], ownerId: blue}",
        "ownerId: blue",
        "{replicas: 1, leaderElection: {enabled: false}}",
        "replicas: 0",
        "rbac: {create: false}",
        "rbac: {aggregateToView: false, aggregateToEdit: true}",
        "rbac: {aggregateToAdmin: true}",
        "rbac: {userRoles: false}",
        "serviceAccount: {create: false, name: default}",
        "serviceAccount: {name: other, annotations: {eks.amazonaws.com/role-arn: arn}}",
        "service: {enabled: false}",
        "podDisruptionBudget: {enabled: false}",
        "podDisruptionBudget: {minAvailable: 50%}",
        "podDisruptionBudget: {minAvailable: 0}",
        "networkPolicy: {enabled: true}",
        "trustStore: {secret: trust, key: ca.jks}",
        "podMonitor: {enabled: true, interval: 30s, scrapeTimeout: 10s, labels: {a: b}}",
        "serviceMonitor: {enabled: true}",
        "prometheusRule: {enabled: true, labels: {a: b}}",
        "grafanaDashboard: {enabled: true, annotations: {grafana_folder: AWS}}",
        "image: {digest: \"sha256:" + "0a".repeat(32) + "\"}",
        "fullnameOverride: " + "n".repeat(60),
        "nameOverride: " + "n".repeat(60),
        """
        commonLabels: {team: platform}
        aws:
          region: eu-west-1
          fips: true
          dualStack: true
          endpoints: {all: "https://a", ecr: "https://b", ecrPublic: "https://c", sts: "https://d"}
        proxy: {https: "http://proxy:3128", noProxy: [.corp]}
        trustStore: {configMap: trust, password: changeit}
        settings:
          concurrency: 7
          resync: 10m
          auditRate: 3/s
          awsRates: {CreateRepository: 10/20}
          replicationLimits: {rules: 1, destinations: 2, filters: 3}
          logFormat: text
          logLevel: debug
        replicas: 3
        image: {repository: example.com/ecr, tag: v1, pullPolicy: Always}
        imagePullSecrets: [{name: registry}]
        jvmOptions: -Xmx64m
        httpPort: 9090
        resources: {requests: {cpu: 1}, limits: {cpu: 2, memory: 1Gi, ephemeral-storage: 1Gi}}
        startupProbe: {initialDelaySeconds: 1}
        terminationGracePeriodSeconds: 60
        deploymentAnnotations: {a: b}
        podAnnotations: {a: b}
        podLabels: {a: b}
        priorityClassName: system-cluster-critical
        runtimeClassName: gvisor
        nodeSelector: {a: b}
        tolerations: [{key: a, operator: Exists, effect: NoSchedule}]
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]
        topologySpreadConstraints:
          - maxSkew: 2
            topologyKey: zone
            whenUnsatisfiable: DoNotSchedule
            labelSelector: {matchLabels: {a: b}}
        dnsPolicy: None
        dnsConfig: {nameservers: [10.0.0.10]}
        networkPolicy:
          enabled: true
          from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
          extraEgress: [{ports: [{port: 3128}]}]
        service: {annotations: {prometheus.io/scrape: "true"}}
        serviceMonitor:
          enabled: true
          labels: {release: prometheus}
          interval: 30s
          scrapeTimeout: 10s
          relabelings: [{action: labeldrop, regex: pod}]
          metricRelabelings: [{action: drop, sourceLabels: [__name__], regex: "jvm_.*"}]
        test: {image: {repository: example.com/busybox, tag: "1"}}
        extraEnv: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
        extraEnvFrom: [{configMapRef: {name: c}}]
        extraVolumes: [{name: v, emptyDir: {}}]
        extraVolumeMounts: [{name: v, mountPath: /v}]
        extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: extra}}]
        """);
  }

  private List<RenderedObject> render(String values, String... arguments) throws IOException {
    var file = Files.writeString(Files.createTempFile(directory, "values", ".yaml"), values);
    var all = new ArrayList<>(List.of("--values", file.toString()));
    all.addAll(List.of(arguments));
    return Helm.alone().template(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("values")
  void eachObjectIsTaken(String values) throws IOException {
    var objects = render(values);

    assertThat(objects).hasSizeGreaterThan(4);
    var answer = dryRun(objects.stream().map(RenderedObject::json).toList());
    assertThat(answer.exitCode()).as(answer.output()).isZero();
    assertThat(answer.output().lines().filter(line -> line.endsWith(" (server dry run)")))
        .as(answer.output())
        .hasSameSizeAs(objects);
  }

  @ParameterizedTest
  @MethodSource("values")
  void thePodsAreAdmittedWhereOnlyRestrictedOnesAre(String values) throws IOException {
    var deployment =
        render(values).stream()
            .filter(object -> object.kind().equals("Deployment"))
            .findFirst()
            .orElseThrow();

    var answer = dryRun(List.of(pod(deployment)));
    assertThat(answer.exitCode()).as(answer.output()).isZero();
  }

  @Test
  void inTheNodesNetworkThePodIsAdmittedWhereThatIsAllowedAlone() throws IOException {
    var deployment =
        RenderedObject.find(
            render(
                "{hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet}",
                "--namespace",
                "host-network"),
            "Deployment",
            "ecr-operator");
    var pod = pod(deployment);

    assertThat(dryRun(List.of(pod)).exitCode()).isZero();
    ((ObjectNode) pod.path("metadata")).put("namespace", "payments");
    assertThat(dryRun(List.of(pod)).output()).contains("violates PodSecurity \"restricted");
  }

  /** A Pod of the Deployment's template, as its controller would make one. */
  private static ObjectNode pod(RenderedObject deployment) {
    var template = (ObjectNode) deployment.at("/spec/template").deepCopy();
    template.put("apiVersion", "v1").put("kind", "Pod");
    ((ObjectNode) template.path("metadata"))
        .put("name", "by-hand")
        .put("namespace", deployment.namespace());
    // Admission looks it up, and the test's server has none.
    ((ObjectNode) template.path("spec")).remove("runtimeClassName");
    return template;
  }

  /** Applied by the server, which refuses fields that it does not know; and not stored. */
  private Command.Answer dryRun(List<? extends JsonNode> objects) throws IOException {
    var list = new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    list.putArray("items").addAll(objects);
    var file =
        Files.writeString(Files.createTempFile(directory, "objects", ".json"), list.toString());
    return server()
        .kubectl(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "--validate=strict",
            "-f",
            file.toString());
  }
}
