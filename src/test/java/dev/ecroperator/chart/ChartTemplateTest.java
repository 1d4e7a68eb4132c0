package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart renders, by the real helm. That a cluster takes it: {@link ChartMatrixIT}. */
class ChartTemplateTest {
  private static final String DEPLOYMENT_CONTAINER = "/spec/template/spec/containers/0";

  private final Helm helm = Helm.alone();

  @TempDir Path directory;

  private String values(String yaml) {
    try {
      return Files.writeString(Files.createTempFile(directory, "values", ".yaml"), yaml).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<RenderedObject> withValues(String yaml) {
    return helm.template("--values", values(yaml));
  }

  private static List<String> ids(List<RenderedObject> objects) {
    return objects.stream().map(RenderedObject::id).toList();
  }

  private static Map<String, String> environment(List<RenderedObject> objects) {
    var environment = new LinkedHashMap<String, String>();
    RenderedObject.find(objects, "Deployment", "ecr-operator")
        .at(DEPLOYMENT_CONTAINER + "/env")
        .forEach(
            variable ->
                environment.put(variable.path("name").asText(), variable.path("value").asText()));
    return environment;
  }

  @Test
  void lintFindsNothing() {
    var answer = helm.run("lint", "--strict", Helm.CHART.toString());

    assertThat(answer.output())
        .doesNotContain("[WARNING]", "[ERROR]")
        .contains("0 chart(s) failed");
    assertThat(answer.exitCode()).isZero();
  }

  @Test
  void byDefaultItIsAnOperatorOfTheWholeClusterWithTwoReplicas() {
    var objects = helm.template();

    assertThat(ids(objects))
        .containsExactlyInAnyOrder(
            "CustomResourceDefinition/imagereplications.ecroperator.dev",
            "CustomResourceDefinition/repositories.ecroperator.dev",
            "ServiceAccount/ecr-operator/ecr-operator",
            "ClusterRole/ecr-operator",
            "ClusterRole/ecr-operator-view",
            "ClusterRole/ecr-operator-edit",
            "ClusterRoleBinding/ecr-operator",
            "Role/ecr-operator/ecr-operator-leader-election",
            "RoleBinding/ecr-operator/ecr-operator-leader-election",
            "Deployment/ecr-operator/ecr-operator",
            "Service/ecr-operator/ecr-operator",
            "PodDisruptionBudget/ecr-operator/ecr-operator",
            "Pod/ecr-operator/ecr-operator-test");
    var deployment = RenderedObject.find(objects, "Deployment", "ecr-operator");
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(deployment.at(DEPLOYMENT_CONTAINER + "/image").asText())
        .isEqualTo("ghcr.io/ecr-operator/ecr-operator:0.1.0");
    assertThat(environment(objects)).containsEntry("OPERATOR_LEADER_ELECTION", "true");
  }

  @Test
  void itsCrdsAreThoseOfTheDirectoryAndStayOnUninstall() throws IOException {
    var objects = helm.template();
    try (var files = Files.newDirectoryStream(Path.of("crds"), "*.yml")) {
      for (var file : files) {
        var crd = new YAMLMapper().readTree(Files.readString(file));
        var rendered =
            RenderedObject.find(
                objects, "CustomResourceDefinition", crd.at("/metadata/name").asText());

        // Helm reads and writes it anew: nothing may be lost, though numbers are spelt anew.
        assertThat(numbersApart(rendered.at("/spec"))).isEqualTo(numbersApart(crd.path("spec")));
        assertThat(rendered.at("/metadata/annotations/helm.sh~1resource-policy").asText())
            .isEqualTo("keep");
      }
    }

    assertThat(
            withValues("crds: {keep: false, annotations: {a: b}}").stream()
                .filter(object -> object.kind().equals("CustomResourceDefinition"))
                .map(object -> object.at("/metadata/annotations").toString()))
        .containsExactly("{\"a\":\"b\"}", "{\"a\":\"b\"}");
    assertThat(ids(withValues("crds: {enabled: false}")))
        .noneMatch(id -> id.startsWith("CustomResourceDefinition"));
  }

  /** The node, with numbers that do not tell 1 from 1.0 or 1E3 from 1000. */
  private static JsonNode numbersApart(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var copy = object.objectNode();
        object.properties().forEach(p -> copy.set(p.getKey(), numbersApart(p.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        var copy = array.arrayNode();
        array.forEach(item -> copy.add(numbersApart(item)));
        yield copy;
      }
      case NumericNode number ->
          DecimalNode.valueOf(new BigDecimal(number.asText()).stripTrailingZeros());
      default -> node;
    };
  }

  @Test
  void commonLabelsAreOnEachObjectAndOnThePods() {
    var objects =
        withValues(
            """
            commonLabels: {team: platform, app.kubernetes.io/name: mine}
            watchNamespaces: [payments]
            networkPolicy: {enabled: true}
            serviceMonitor: {enabled: true, labels: {release: prometheus}}
            grafanaDashboard: {enabled: true}
            prometheusRule: {enabled: true}
            """);

    assertThat(objects).hasSizeGreaterThan(12);
    for (var object : objects) {
      var labels = object.at("/metadata/labels");
      assertThat(labels.path("team").asText()).as(object.id()).isEqualTo("platform");
      assertThat(labels.path("app.kubernetes.io/name").asText()).startsWith("ecr-operator");
      assertThat(fieldNames(labels))
          .contains(
              "app.kubernetes.io/instance",
              "app.kubernetes.io/version",
              "app.kubernetes.io/component",
              "app.kubernetes.io/part-of",
              "app.kubernetes.io/managed-by",
              "helm.sh/chart");
    }
    var pod =
        RenderedObject.find(objects, "Deployment", "ecr-operator")
            .at("/spec/template/metadata/labels");
    assertThat(pod.path("team").asText()).isEqualTo("platform");
    // A label that changes with the chart alone would replace the pods.
    assertThat(fieldNames(pod)).doesNotContain("helm.sh/chart");
    assertThat(
            RenderedObject.find(objects, "ServiceMonitor", "ecr-operator")
                .at("/metadata/labels/release")
                .asText())
        .isEqualTo("prometheus");
  }

  private static List<String> fieldNames(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  @Test
  void allThatSelectsThePodsSelectsThem() {
    var objects =
        withValues(
            """
            nameOverride: registry
            podLabels: {a: b}
            networkPolicy: {enabled: true}
            serviceMonitor: {enabled: true}
            """);
    var name = "ecr-operator-registry";
    var deployment = RenderedObject.find(objects, "Deployment", name);
    var pod = deployment.at("/spec/template/metadata/labels");
    var selectors = new ArrayList<JsonNode>();
    selectors.add(deployment.at("/spec/selector/matchLabels"));
    selectors.add(RenderedObject.find(objects, "Service", name).at("/spec/selector"));
    selectors.add(
        RenderedObject.find(objects, "PodDisruptionBudget", name).at("/spec/selector/matchLabels"));
    selectors.add(
        RenderedObject.find(objects, "NetworkPolicy", name).at("/spec/podSelector/matchLabels"));
    deployment
        .at("/spec/template/spec/topologySpreadConstraints")
        .forEach(constraint -> selectors.add(constraint.at("/labelSelector/matchLabels")));

    assertThat(pod.path("a").asText()).isEqualTo("b");
    assertThat(selectors).hasSize(6);
    for (var selector : selectors) {
      assertThat(selector.size()).isEqualTo(2);
      selector
          .properties()
          .forEach(label -> assertThat(pod.path(label.getKey())).isEqualTo(label.getValue()));
    }
    // The ServiceMonitor selects the Service.
    var service = RenderedObject.find(objects, "Service", name).at("/metadata/labels");
    RenderedObject.find(objects, "ServiceMonitor", name)
        .at("/spec/selector/matchLabels")
        .properties()
        .forEach(label -> assertThat(service.path(label.getKey())).isEqualTo(label.getValue()));
    // The pod of `helm test` is none of the operator's.
    assertThat(
            RenderedObject.find(objects, "Pod", name + "-test")
                .at("/metadata/labels/app.kubernetes.io~1name")
                .asText())
        .isEqualTo("ecr-operator-test");
  }

  @Test
  void aDigestTakesTheTagsPlace() {
    var digest = "sha256:" + "0a".repeat(32);
    var objects =
        withValues("image: {repository: example.com/ecr, tag: v1, digest: \"" + digest + "\"}");

    assertThat(
            RenderedObject.find(objects, "Deployment", "ecr-operator")
                .at(DEPLOYMENT_CONTAINER + "/image")
                .asText())
        .isEqualTo("example.com/ecr@" + digest);
  }

  @Test
  void awsProxyAndTrustReachTheEnvironment() {
    var objects =
        withValues(
            """
            aws:
              region: eu-west-1
              fips: true
              dualStack: true
              endpoints: {all: "https://a", ecr: "https://b", ecrPublic: "https://c", sts: "https://d"}
            proxy: {https: "http://proxy:3128", noProxy: [10.0.0.0/8, .corp]}
            trustStore: {configMap: trust, key: ca.p12, password: changeit}
            jvmOptions: -XX:MaxRAMPercentage=60
            extraEnv: [{name: A, value: b}]
            """);

    assertThat(environment(objects))
        .containsEntry("AWS_REGION", "eu-west-1")
        .containsEntry("AWS_USE_FIPS_ENDPOINT", "true")
        .containsEntry("AWS_USE_DUALSTACK_ENDPOINT", "true")
        .containsEntry("AWS_ENDPOINT_URL", "https://a")
        .containsEntry("AWS_ENDPOINT_URL_ECR", "https://b")
        .containsEntry("AWS_ENDPOINT_URL_ECR_PUBLIC", "https://c")
        .containsEntry("AWS_ENDPOINT_URL_STS", "https://d")
        .containsEntry("HTTPS_PROXY", "http://proxy:3128")
        .containsEntry("HTTP_PROXY", "http://proxy:3128")
        .containsEntry(
            "NO_PROXY",
            "$(KUBERNETES_SERVICE_HOST),kubernetes.default.svc,localhost,127.0.0.1,169.254.170.23,"
                + "169.254.169.254,10.0.0.0/8,.corp")
        .containsEntry(
            "JAVA_TOOL_OPTIONS",
            "-Djavax.net.ssl.trustStore=/etc/ecr-operator/trust/ca.p12"
                + " -Djavax.net.ssl.trustStorePassword=changeit -XX:MaxRAMPercentage=60")
        .containsEntry("A", "b");
    assertThat(environment(helm.template()).keySet())
        .noneMatch(
            name -> name.startsWith("AWS_") || name.contains("PROXY") || name.startsWith("JAVA"));
  }

  /** Twice in a list, one of them would count, and another after an upgrade. */
  @Test
  void whatAValueSetsIsNotSetBesideIt() throws IOException {
    var everything =
        """
        watchNamespaces: [payments]
        kinds: [Repository]
        ownerId: blue
        aws:
          region: eu-west-1
          fips: true
          dualStack: true
          endpoints: {all: "https://a", ecr: "https://b", ecrPublic: "https://c", sts: "https://d"}
        proxy: {https: "http://proxy:3128"}
        jvmOptions: -Xmx64m
        settings:
          concurrency: 7
          resync: 10m
          auditRate: 3/s
          awsRates: {CreateRepository: 10/20}
        """;
    var names = environment(withValues(everything)).keySet();
    var refused =
        helm.run(
                "template",
                "ecr-operator",
                Helm.CHART.toString(),
                "--values",
                values(
                    everything
                        + "extraEnv: [{name: %s}]".formatted(String.join("}, {name: ", names))))
            .output();

    assertThat(names).hasSizeGreaterThan(20);
    assertThat(refused)
        .contains(
            "extraEnv sets OPERATOR_RESYNC, which the chart sets itself: set settings.resync"
                + " instead");
    var values = ChartDocumentation.values();
    for (var name : names) {
      if (name.startsWith("POD_")) {
        assertThat(refused)
            .contains("extraEnv sets " + name + ", which the chart sets itself: take it out");
        continue;
      }
      var said =
          Pattern.compile(
                  "extraEnv sets " + name + ", which the chart sets itself: set (\\S+) instead")
              .matcher(refused);
      assertThat(said.find()).as(name).isTrue();
      assertThat(values.at("/" + said.group(1).replace('.', '/')).isMissingNode())
          .as(name)
          .isFalse();
    }
    // What no value sets may be set here.
    assertThat(environment(withValues("extraEnv: [{name: OPERATOR_RESYNC, value: 7m}]")))
        .containsEntry("OPERATOR_RESYNC", "7m");
  }

  @Test
  void ofTheKindsThatAreNotItsBusinessItMayChangeNothing() {
    assertThat(rules(withValues("{kinds: [Repository], ownerId: blue}"), "ClusterRole"))
        .containsExactlyInAnyOrder(
            "get repositories",
            "list repositories",
            "watch repositories",
            "patch repositories",
            "update repositories/status",
            "create events");
    // What an ImageReplication refers to is read.
    assertThat(rules(withValues("{kinds: [ImageReplication], ownerId: blue}"), "ClusterRole"))
        .containsExactlyInAnyOrder(
            "list repositories",
            "watch repositories",
            "get imagereplications",
            "list imagereplications",
            "watch imagereplications",
            "patch imagereplications",
            "update imagereplications/status",
            "patch imagereplications/status",
            "create events");
    assertThat(environment(withValues("kinds: [Repository]")))
        .containsEntry("OPERATOR_KINDS", "Repository");
    assertThat(environment(helm.template())).doesNotContainKey("OPERATOR_KINDS");
  }

  @Test
  void ofNamespacesItHasTheSamePermissionsByRoles() {
    var all = helm.template();
    var some = withValues("watchNamespaces: [payments, platform]");
    var owned = withValues("{watchNamespaces: [payments, platform], ownerId: blue}");

    var inNamespaces = rules(some, "Role");
    assertThat(rules(some, "ClusterRole")).containsExactly("get namespaces=kube-system");
    var both = new TreeSet<>(inNamespaces);
    both.addAll(rules(some, "ClusterRole"));
    assertThat(rules(all, "ClusterRole")).isEqualTo(both);
    assertThat(rules(owned, "Role")).isEqualTo(inNamespaces);
    assertThat(ids(owned))
        .contains(
            "Role/payments/ecr-operator",
            "RoleBinding/payments/ecr-operator",
            "Role/platform/ecr-operator",
            "RoleBinding/platform/ecr-operator")
        .doesNotContain("ClusterRole/ecr-operator", "ClusterRoleBinding/ecr-operator");
    assertThat(environment(owned))
        .containsEntry("OPERATOR_WATCH_NAMESPACES", "payments,platform")
        .containsEntry("OPERATOR_OWNER_ID", "blue");
  }

  @Test
  void ofNamespacesWithAnOwnerIdNothingIsOfTheClusterButTheCrdsAndTheUsersRoles() {
    var ours =
        withValues(
            """
            watchNamespaces: [payments]
            ownerId: blue
            crds: {enabled: false}
            rbac: {userRoles: false}
            """);

    assertThat(ours).allSatisfy(object -> assertThat(object.namespace()).isNotEmpty());
  }

  /** Who may write an object acts in AWS with the operator's identity: nobody has that unasked. */
  @Test
  void theRoleToWriteIsThereToBeNamedAndNobodyHasItUnlessTold() {
    assertThat(aggregations(helm.template(), "view")).containsExactly("view", "edit", "admin");
    assertThat(aggregations(helm.template(), "edit")).isEmpty();
    assertThat(aggregations(withValues("rbac: {aggregateToAdmin: true}"), "edit"))
        .containsExactly("admin");
    var all = withValues("rbac: {aggregateToEdit: true, aggregateToView: false}");
    assertThat(aggregations(all, "edit")).containsExactly("edit", "admin");
    assertThat(aggregations(all, "view")).isEmpty();
  }

  /** The roles of every cluster that a role of the chart is added to. */
  private static List<String> aggregations(List<RenderedObject> objects, String role) {
    var prefix = "rbac.authorization.k8s.io/aggregate-to-";
    return fieldNames(
            RenderedObject.find(objects, "ClusterRole", "ecr-operator-" + role)
                .at("/metadata/labels"))
        .stream()
        .filter(label -> label.startsWith(prefix))
        .map(label -> label.substring(prefix.length()))
        .toList();
  }

  @Test
  void aNetworkPolicyThatNamesWhoMayComeInLetsThePodOfHelmTestInToo() {
    var from = "[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]";
    var objects = withValues("networkPolicy: {enabled: true, from: " + from + "}");
    var let =
        RenderedObject.find(objects, "NetworkPolicy", "ecr-operator").at("/spec/ingress/0/from");
    var test = RenderedObject.find(objects, "Pod", "ecr-operator-test").at("/metadata/labels");

    assertThat(let).hasSize(2);
    let.at("/1/podSelector/matchLabels")
        .properties()
        .forEach(label -> assertThat(test.path(label.getKey())).isEqualTo(label.getValue()));
    assertThat(let.at("/1/podSelector/matchLabels").size()).isEqualTo(2);
    // Without a list everybody may come in, and an empty one would let nobody.
    assertThat(
            RenderedObject.find(
                    withValues("networkPolicy: {enabled: true}"), "NetworkPolicy", "ecr-operator")
                .at("/spec/ingress/0/from")
                .isMissingNode())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {minAvailable: 0}                           | {"minAvailable":0}
          {minAvailable: 50%, maxUnavailable: null}   | {"minAvailable":"50%"}
          {minAvailable: null}                        | {"maxUnavailable":1}
          {minAvailable: 1}                           | {"minAvailable":1}
          {maxUnavailable: 1%}                        | {"maxUnavailable":"1%"}
          """)
  void aDisruptionBudgetHasOneBound(String yaml, String bound) {
    var budget =
        RenderedObject.find(
            withValues("podDisruptionBudget: " + yaml), "PodDisruptionBudget", "ecr-operator");

    var spec = (ObjectNode) budget.at("/spec").deepCopy();
    assertThat(spec.retain("minAvailable", "maxUnavailable").toString()).isEqualTo(bound);
  }

  /** Unquoted, YAML takes 123 for a number, and true for a truth. */
  @Test
  void namesThatLookLikeNumbersStayNames() {
    var answer =
        helm.succeed(
            "template",
            "123",
            Helm.CHART.toString(),
            "--namespace=456",
            "--values",
            values(
                """
                nameOverride: "123"
                commonLabels: {team: "789"}
                watchNamespaces: ["123", "007"]
                serviceAccount: {name: "123"}
                trustStore: {configMap: "123"}
                priorityClassName: "123"
                runtimeClassName: "123"
                networkPolicy: {enabled: true, from: [{podSelector: {}}]}
                serviceMonitor: {enabled: true}
                grafanaDashboard: {enabled: true}
                prometheusRule: {enabled: true}
                """));

    var texts =
        Set.of(
            "name",
            "namespace",
            "serviceAccountName",
            "priorityClassName",
            "runtimeClassName",
            "team",
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance");
    for (var object : RenderedObject.all(answer)) {
      for (var field : texts) {
        assertThat(object.json().findValues(field))
            .as("%s of %s", field, object.id())
            .allMatch(value -> !value.isNumber() && !value.isBoolean());
      }
    }
  }

  /** EKS gives a pod the role that its ServiceAccount names when it is made, and no other later. */
  @Test
  void anotherRoleOfTheServiceAccountMakesThePodsAnew() {
    var role = "serviceAccount: {annotations: {eks.amazonaws.com/role-arn: %s}}";
    var one = podAnnotations(withValues(role.formatted("arn:aws:iam::1:role/one")));

    assertThat(podAnnotations(withValues(role.formatted("arn:aws:iam::1:role/one"))))
        .isEqualTo(one);
    assertThat(podAnnotations(withValues(role.formatted("arn:aws:iam::1:role/two"))))
        .isNotEqualTo(one)
        .isNotEqualTo(podAnnotations(helm.template()));
    // Of a ServiceAccount of others the chart knows nothing, and without annotations says nothing.
    assertThat(
            podAnnotations(
                withValues("serviceAccount: {create: false, name: other, annotations: {a: b}}")))
        .isEqualTo(podAnnotations(helm.template()));
    assertThat(fieldNames(podAnnotations(helm.template())))
        .containsExactly("kubectl.kubernetes.io/default-container");
  }

  private static JsonNode podAnnotations(List<RenderedObject> objects) {
    return RenderedObject.find(objects, "Deployment", "ecr-operator")
        .at("/spec/template/metadata/annotations");
  }

  /** The rules of the operator's own role: not that of the Lease, nor those of users. */
  private static Set<String> rules(List<RenderedObject> objects, String kind) {
    var rules = new TreeSet<String>();
    for (var object : objects) {
      if (object.kind().equals(kind) && object.name().equals("ecr-operator")) {
        for (var rule : object.at("/rules")) {
          for (var resource : rule.path("resources")) {
            for (var verb : rule.path("verbs")) {
              var named = rule.at("/resourceNames/0").asText();
              rules.add(
                  verb.asText() + " " + resource.asText() + (named.isEmpty() ? "" : "=" + named));
            }
          }
        }
      }
    }
    return rules;
  }

  @Test
  void withoutLeaderElectionThereIsNoLeaseAndNoSecondReplicaAtAnyTime() {
    var objects = withValues("{replicas: 1, leaderElection: {enabled: false}}");

    assertThat(ids(objects)).noneMatch(id -> id.contains("leader-election"));
    assertThat(
            RenderedObject.find(objects, "Deployment", "ecr-operator")
                .at("/spec/strategy")
                .toString())
        .isEqualTo("{\"type\":\"Recreate\"}");
    assertThat(environment(objects)).containsEntry("OPERATOR_LEADER_ELECTION", "false");
  }

  /** Of two pods on the network of the host each needs a node: a third one would wait for ever. */
  @Test
  void onTheNetworkOfTheHostAnUpdateNeedsNoRoomForOneMore() {
    var objects = withValues("{hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet}");

    assertThat(
            RenderedObject.find(objects, "Deployment", "ecr-operator")
                .at("/spec/strategy/rollingUpdate")
                .toString())
        .isEqualTo("{\"maxUnavailable\":1,\"maxSurge\":0}");
  }

  @Test
  void furtherObjectsMayBeObjectsOrTextAndAreTemplates() {
    var objects =
        withValues(
            """
            extraObjects:
              - {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ .Release.Name }}-one"}}
              - |
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: two, namespace: {{ .Release.Namespace }}}
            """);

    assertThat(ids(objects)).contains("ConfigMap/ecr-operator-one", "ConfigMap/ecr-operator/two");
  }

  @Test
  void alertsAndDashboardAreTakenAsTheyAreWhateverLooksLikeATemplateInThem() throws IOException {
    var chart = directory.resolve("chart");
    try (var files = Files.walk(Helm.CHART)) {
      for (var file : files.toList()) {
        Files.copy(file, chart.resolve(Helm.CHART.relativize(file).toString()));
      }
    }
    var alerts =
        """
        # Alerts.
        groups:
          - name: ecr-operator
            rules:
              - alert: NotReady
                expr: ecr_operator_resources{ready="false"} > 0
                annotations: {summary: "{{ $labels.kind }}: {{ $value }}"}
        """;
    var dashboard = "{\n  \"title\": \"ECR\",\n  \"legendFormat\": \"{{kind}}\"\n}";
    Files.writeString(chart.resolve(Path.of("files", "alerts.yaml")), alerts);
    Files.writeString(chart.resolve(Path.of("files", "dashboard.json")), dashboard);
    var objects =
        RenderedObject.all(
            helm.succeed(
                "template",
                "ecr-operator",
                chart.toString(),
                "--set",
                "prometheusRule.enabled=true,grafanaDashboard.enabled=true"));

    assertThat(RenderedObject.find(objects, "PrometheusRule", "ecr-operator").at("/spec"))
        .isEqualTo(new YAMLMapper().readTree(alerts));
    var configMap = RenderedObject.find(objects, "ConfigMap", "ecr-operator-dashboard");
    assertThat(configMap.at("/data/ecr-operator.json").asText()).isEqualTo(dashboard);
    assertThat(configMap.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replica: 3                                | additional properties 'replica' not allowed
          aws: {regoin: eu-west-1}                  | at '/aws': additional properties 'regoin' not allowed
          replicas: two                             | at '/replicas': got string, want integer
          kinds: [Repositories]                     | at '/kinds/0': value must be one of 'Repository', 'ImageReplication'
          kinds: []                                 | at '/kinds': minItems: got 0, want 1
          settings: {resync: 5 minutes}             | at '/settings/resync': '5 minutes' does not match pattern
          settings: {auditRate: "2"}                | at '/settings/auditRate': '2' does not match pattern
          settings: {logLevel: loud}                | at '/settings/logLevel': value must be one of 'error', 'warn', 'info', 'debug'
          settings: {awsRates: {CreateRepository: 10}} | at '/settings/awsRates/CreateRepository': got number, want string
          settings: {awsRates: {NoSuch: 1/1}}       | invalid propertyName 'NoSuch'
          settings: {concurrency: 0}                | at '/settings/concurrency': minimum: got 0, want 1
          fullnameOverride: 1ecr                    | at '/fullnameOverride': '1ecr' does not match pattern
          ownerId: a/b                              | at '/ownerId': 'a/b' does not match pattern
          watchNamespaces: payments                 | at '/watchNamespaces': got string, want array
          watchNamespaces: [Payments]               | at '/watchNamespaces/0': 'Payments' does not match pattern
          image: {digest: 0a}                       | at '/image/digest': '0a' does not match pattern
          proxy: {https: "proxy:3128"}              | at '/proxy/https': 'proxy:3128' does not match pattern
          proxy: {https: "http://proxy"}            | at '/proxy/https': 'http://proxy' does not match pattern
          extraEnv: [{value: b}]                    | at '/extraEnv/0': missing property 'name'
          extraEnv: [{name: A, value: 1}]           | at '/extraEnv/0/value': got number, want string
          extraEnv: [{name: A, value: b}, {name: A}] | extraEnv sets A twice: keep one
          terminationGracePeriodSeconds: 24         | at '/terminationGracePeriodSeconds': minimum: got 24, want 25
          podDisruptionBudget: {maxUnavailable: 999%}  | at '/podDisruptionBudget/maxUnavailable'
          podDisruptionBudget: {minAvailable: 101%}    | at '/podDisruptionBudget/minAvailable'
          podDisruptionBudget: {maxUnavailable: 0}     | podDisruptionBudget.maxUnavailable=0 lets none go, and a drain would wait for ever
          podDisruptionBudget: {maxUnavailable: 0%}    | podDisruptionBudget.maxUnavailable=0 lets none go, and a drain would wait for ever
          podDisruptionBudget: {minAvailable: 2}       | podDisruptionBudget.minAvailable=2 of 2 replicas lets none go, and a drain would wait for ever
          podDisruptionBudget: {minAvailable: 51%}     | podDisruptionBudget.minAvailable=51% of 2 replicas lets none go
          {replicas: 1, podDisruptionBudget: {minAvailable: 1}} | podDisruptionBudget.minAvailable=1 of 1 replicas lets none go
          extraArgs: [--version]                    | additional properties 'extraArgs' not allowed
          podAnnotations: {a: 1}                    | at '/podAnnotations/a': got number, want string
          leaderElection: {enabled: false}          | leaderElection.enabled=false needs replicas=1: more than one would act at once
          trustStore: {configMap: a, secret: b}     | trustStore.configMap and trustStore.secret are both set: keep one
          {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}} | each metric would be scraped twice, keep one
          {serviceMonitor: {enabled: true}, service: {enabled: false}}   | serviceMonitor.enabled needs service.enabled=true; or use podMonitor.enabled
          podDisruptionBudget: {minAvailable: "", maxUnavailable: ""}    | podDisruptionBudget has neither minAvailable nor maxUnavailable: give one of them, or enabled=false
          podDisruptionBudget: {maxUnavailable: null}                    | podDisruptionBudget has neither minAvailable nor maxUnavailable: give one of them, or enabled=false
          serviceAccount: {create: false}           | serviceAccount.create=false needs serviceAccount.name: the name of the ServiceAccount that is there
          """)
  void valuesThatCannotBeAreRefusedByName(String yaml, String message) {
    var answer =
        helm.run("template", "ecr-operator", Helm.CHART.toString(), "--values", values(yaml));

    assertThat(answer.exitCode()).isNotZero();
    assertThat(answer.output()).contains(message);
  }
}
