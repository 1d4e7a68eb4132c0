package dev.ecroperator.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The manifests of {@code examples/install}: what the chart renders, for those without Helm. */
final class PlainManifests {
  private static final String HEADER =
      """
      # %s
      # Generated from the chart with its defaults. Change that, then run
      # ./mvnw -q test -Dtest=PlainManifestsTest -Dchart.write=true
      """;

  private static final String NAMESPACE =
      """
      ---
      apiVersion: v1
      kind: Namespace
      metadata:
        name: ecr-operator
        labels:
          pod-security.kubernetes.io/enforce: restricted
      """;

  private PlainManifests() {}

  /** The text of each file by its name. */
  static Map<String, String> generate(Helm helm) {
    var rendered =
        helm.succeed(
            "template",
            "ecr-operator",
            Helm.CHART.toString(),
            "--namespace",
            "ecr-operator",
            "--set",
            "crds.enabled=false");
    var permissions = new ArrayList<String>();
    var workload = new ArrayList<String>();
    for (var document : rendered.split("(?m)^---\n", -1)) {
      if (document.isBlank() || document.contains("helm.sh/hook")) {
        continue;
      }
      var kind = RenderedObject.all(document).getFirst().kind();
      var isPermission = kind.equals("ServiceAccount") || kind.contains("Role");
      (isPermission ? permissions : workload).add(withoutHelm(document));
    }
    var files = new TreeMap<String, String>();
    files.put(
        "rbac.yaml",
        HEADER.formatted(
                "Who the operator is in the cluster, and what it and its users may do there.")
            + NAMESPACE
            + String.join("", permissions));
    files.put(
        "operator.yaml", HEADER.formatted("The operator itself.") + String.join("", workload));
    return files;
  }

  /** The document, of which nothing says that Helm manages it. */
  private static String withoutHelm(String document) {
    var lines = new ArrayList<>(List.of("---"));
    document
        .lines()
        .filter(line -> !line.startsWith("# Source: "))
        .filter(line -> !line.strip().startsWith("helm.sh/chart:"))
        .filter(line -> !line.strip().startsWith("app.kubernetes.io/managed-by:"))
        .map(String::stripTrailing)
        .forEach(lines::add);
    return String.join("\n", lines).stripTrailing() + "\n";
  }
}
