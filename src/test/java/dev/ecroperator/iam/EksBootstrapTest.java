package dev.ecroperator.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code examples/eks-bootstrap} agree with each other and with the policies. */
class EksBootstrapTest {
  private static final Path BOOTSTRAP = Path.of("examples", "eks-bootstrap");
  private static final String WAVE = "argocd.argoproj.io/sync-wave";

  private static List<JsonNode> documents(Path file) throws IOException {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  private static JsonNode document(String file) throws IOException {
    List<JsonNode> documents = documents(BOOTSTRAP.resolve(file));
    assertThat(documents).hasSize(1);
    return documents.getFirst();
  }

  private static Map<String, Integer> waves(String directory) throws IOException {
    Map<String, Integer> waves = new TreeMap<>();
    for (Path file : files(BOOTSTRAP.resolve(directory))) {
      for (JsonNode object : documents(file)) {
        waves.put(
            object.path("kind").asText() + "/" + object.at("/metadata/name").asText(),
            Integer.valueOf(object.path("metadata").path("annotations").path(WAVE).asText()));
      }
    }
    return waves;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void theStepsComeInOrder() throws IOException {
    assertThat(waves("argo-cd/apps"))
        .isEqualTo(
            Map.of(
                "Application/ecr-operator-crds", -2,
                "Application/ecr-operator", -1,
                "Application/repositories", 0,
                "Application/replications", 1,
                "Application/workloads", 2));
    assertThat(waves("repositories"))
        .isEqualTo(Map.of("Namespace/payments", -1, "Repository/payments-api", 0));
    assertThat(waves("replications")).isEqualTo(Map.of("ImageReplication/payments", 1));
    assertThat(waves("workloads")).isEqualTo(Map.of("Deployment/api", 2));
  }

  @Test
  void theApplicationsFindTheirFiles() throws IOException {
    List<Path> applications = new ArrayList<>(files(BOOTSTRAP.resolve("argo-cd/apps")));
    applications.add(BOOTSTRAP.resolve("argo-cd/root.yaml"));
    for (Path file : applications) {
      JsonNode source = documents(file).getFirst().at("/spec/source");
      if (!source.has("chart")) {
        // The user's own repository: in this one nobody could change what they say.
        assertThat(source.path("repoURL").asText())
            .isEqualTo("https://git.example.com/platform/ecr.git");
        String path = source.path("path").asText();
        // Copies of this folder and, beside it, of the CRDs.
        assertThat(path.equals("crds") ? Path.of(path) : BOOTSTRAP.resolve(path)).isDirectory();
      }
    }
  }

  /** A role that another pod could have, or that this one does not get, is of no use. */
  @Test
  void theAssociationIsTheOneThatTheRoleTrusts() throws IOException {
    JsonNode cluster = document("eksctl/cluster.yaml");
    JsonNode association = cluster.at("/iam/podIdentityAssociations/0");
    JsonNode values = document("values.yaml");
    JsonNode trusted =
        PoliciesTest.json(Feature.DIRECTORY.resolve("trust-pod-identity.json"))
            .at("/Statement/0/Condition/StringEquals");

    // A name is of one cluster only within a region and account.
    assertThat(trusted.path("aws:RequestTag/eks-cluster-arn").asText())
        .isEqualTo(
            "arn:aws:eks:%s:%s:cluster/%s",
            cluster.at("/metadata/region").asText(),
            trusted.path("aws:SourceAccount").asText(),
            cluster.at("/metadata/name").asText());
    assertThat(trusted.path("aws:RequestTag/kubernetes-namespace"))
        .isEqualTo(association.path("namespace"))
        .isEqualTo(document("argo-cd/apps/operator.yaml").at("/spec/destination/namespace"));
    assertThat(trusted.path("aws:RequestTag/kubernetes-service-account"))
        .isEqualTo(association.path("serviceAccountName"))
        .isEqualTo(values.at("/serviceAccount/name"));
    assertThat(cluster.at("/metadata/region")).isEqualTo(values.at("/aws/region"));
  }

  @Test
  void argoCdInstallsWithTheSameValues() throws IOException {
    ObjectNode byArgoCd =
        (ObjectNode) document("argo-cd/apps/operator.yaml").at("/spec/source/helm/valuesObject");
    assertThat(byArgoCd.remove("crds").path("enabled").asBoolean(true)).isFalse();
    ObjectNode byHelm = document("values.yaml").deepCopy();
    byHelm.setAll((ObjectNode) document("values-late-association.yaml"));
    assertThat((JsonNode) byArgoCd).isEqualTo(byHelm);
  }

  /** Whose owner id is another than the policies ask for may not create anything. */
  @Test
  void theOwnerIdIsThatOfThePolicies() throws IOException {
    String ownerId = document("values.yaml").path("ownerId").asText();
    for (Feature feature : Feature.values()) {
      if (feature.text().contains("aws:RequestTag/")) {
        assertThat(feature.text()).contains("\"" + ownerId + "/*\"");
      }
    }
  }

  /**
   * Who installs as it stands somewhere has the owner id that the policies ask for, and a region.
   */
  @Test
  void whereverItIsInstalledItHasAnOwnerIdAndARegion() throws IOException {
    List<String> commands = new ArrayList<>();
    List<Path> manuals = new ArrayList<>(files(Path.of("docs")));
    manuals.add(Path.of("README.md"));
    manuals.add(Path.of("helm", "ecr-operator", "README.md"));
    for (Path manual : manuals) {
      Pattern.compile("(?m)^helm (upgrade --)?install (.*\\\\\n)*.*$")
          .matcher(Files.readString(manual))
          .results()
          .forEach(command -> commands.add(command.group()));
    }
    assertThat(commands)
        .hasSizeGreaterThan(4)
        .allSatisfy(
            command ->
                assertThat(command)
                    .satisfiesAnyOf(
                        set -> assertThat(set).contains("ownerId=my-cluster", "aws.region="),
                        read ->
                            assertThat(read).contains("-f examples/eks-bootstrap/values.yaml")));
    Path gitOps = Path.of("examples", "gitops");
    assertThat(
            List.of(
                documents(gitOps.resolve("argocd/platform/01-operator.yaml"))
                    .getFirst()
                    .at("/spec/source/helm/valuesObject"),
                documents(gitOps.resolve("flux/operator.yaml")).getLast().at("/spec/values"),
                document("values.yaml")))
        .allSatisfy(
            values -> {
              assertThat(values.path("ownerId").asText()).isEqualTo("my-cluster");
              assertThat(values.at("/aws/region").asText()).isEqualTo("eu-west-1");
            });
  }

  /** Terraform puts account, partition and owner id in place of those of the files. */
  @Test
  void terraformReadsThePolicies() throws IOException {
    String main = Files.readString(BOOTSTRAP.resolve("terraform/operator/main.tf"));
    Matcher features = Pattern.compile("default += \\[([^]]+)]").matcher(main);
    assertThat(features.find()).isTrue();
    for (String feature : features.group(1).replace("\"", "").split(", ", -1)) {
      assertThat(Feature.DIRECTORY.resolve(feature + ".json")).exists();
    }
    for (String placeholder : List.of("111122223333", "arn:aws:", "my-cluster/*")) {
      assertThat(main).contains("\"" + placeholder + "\"");
    }
    assertThat(main).contains("../../../iam", "../../values-late-association.yaml");
    String registries = Files.readString(BOOTSTRAP.resolve("terraform/registries/main.tf"));
    assertThat(registries).contains("/repositories/payments.yaml", "/replications/payments.yaml");
    assertThat(documents(BOOTSTRAP.resolve("repositories/payments.yaml")))
        .extracting(document -> document.path("kind").asText())
        .containsExactly("Namespace", "Repository");
  }
}
