package dev.ecroperator.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.aws.CallRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each policy has the actions that the code calls for its feature, and no other. */
class PoliciesTest {
  private static final Pattern READS = Pattern.compile("(Describe|Get|List|BatchGet).*");

  /** The actions that IAM knows no resource for, so that a policy must say {@code *}. */
  static final Set<String> REGISTRY_WIDE =
      Set.of("ecr:DescribeRegistry", "ecr:PutReplicationConfiguration");

  private static final Map<Feature, Set<String>> NEEDED = needed();

  /** What the features need, as the code tells. */
  private static Map<Feature, Set<String>> needed() {
    Map<Feature, Set<String>> needed = new EnumMap<>(Feature.class);
    for (Feature feature : Feature.values()) {
      needed.put(feature, new TreeSet<>());
    }
    for (CalledOperation called : CalledOperation.all()) {
      featuresOf(called).forEach(feature -> actions(needed, feature).add(called.action()));
    }
    // What AWS wants for calls beyond their own action, by its service authorization reference
    // ("dependent actions") and ECR's guide ("encryption at rest").
    if (actions(needed, Feature.CREATE).contains("ecr:CreateRepository")) {
      actions(needed, Feature.CREATE).add("ecr:TagResource");
      actions(needed, Feature.KMS).add("kms:DescribeKey");
      actions(needed, Feature.KMS).add("kms:CreateGrant");
    }
    if (actions(needed, Feature.DELETE).contains("ecr:DeleteRepository")) {
      actions(needed, Feature.KMS).add("kms:RetireGrant");
    }
    if (actions(needed, Feature.REPLICATION).contains("ecr:PutReplicationConfiguration")) {
      actions(needed, Feature.REPLICATION).add("iam:CreateServiceLinkedRole");
    }
    // Both are the owner tag, written on what has none, or another's.
    if (actions(needed, Feature.CHANGE).contains("ecr:TagResource")) {
      actions(needed, Feature.ADOPT).add("ecr:TagResource");
      actions(needed, Feature.TAKE_OVER).add("ecr:TagResource");
    }
    if (actions(needed, Feature.PUBLIC).contains("ecr-public:TagResource")) {
      actions(needed, Feature.TAKE_OVER).add("ecr-public:TagResource");
    }
    return needed;
  }

  private static Set<String> actions(Map<Feature, Set<String>> needed, Feature feature) {
    return needed.computeIfAbsent(feature, key -> new TreeSet<>());
  }

  private static Set<Feature> featuresOf(CalledOperation called) {
    return switch (called.caller()) {
      // Who one is, STS tells without a permission.
      case "AwsRegistries" ->
          called.action().equals("sts:GetCallerIdentity") ? Set.of() : Set.of(Feature.READ);
      // Replication lists names; what else the lists say is for Repositories alone.
      case "RepositoryListing" ->
          called.operation().equals("DescribeRepositories")
              ? Set.of(Feature.READ, Feature.REPLICATION)
              : Set.of(Feature.READ);
      case "PublicRegistry" ->
          Set.of(
              called.operation().equals("DeleteRepository")
                  ? Feature.PUBLIC_DELETE
                  : Feature.PUBLIC);
      case "ReplicatingRegistry" -> Set.of(Feature.REPLICATION);
      case "PrivateRegistry" -> Set.of(ofPrivate(called.operation()));
      default -> throw new AssertionError("of which feature is " + called + "?");
    };
  }

  private static Feature ofPrivate(String operation) {
    if (READS.matcher(operation).matches()) {
      return Feature.READ;
    }
    return switch (operation) {
      case "CreateRepository" -> Feature.CREATE;
      case "DeleteRepository" -> Feature.DELETE;
      default -> Feature.CHANGE;
    };
  }

  @ParameterizedTest
  @EnumSource
  void aPolicyAllowsWhatItsFeatureCallsAndNoMore(Feature feature) {
    assertThat(feature.policy().actions())
        .isEqualTo(NEEDED.get(feature))
        .allMatch(action -> action.matches("[a-z-]+:[A-Za-z]+"));
  }

  @ParameterizedTest
  @EnumSource
  void aPolicyIsAboutOneAccountAndNoMoreThanItsRepositories(Feature feature) throws IOException {
    for (JsonNode statement : json(feature.file()).path("Statement")) {
      Set<String> actions = texts(statement.path("Action"));
      String resource = statement.path("Resource").asText();
      if (REGISTRY_WIDE.containsAll(actions)) {
        assertThat(resource).isEqualTo("*");
      } else {
        assertThat(actions).doesNotContainAnyElementsOf(REGISTRY_WIDE);
        assertThat(resource)
            .matches(
                "arn:aws:(ecr|kms):\\*:111122223333:.+|arn:aws:(ecr-public|iam)::111122223333:.+");
      }
    }
  }

  @Test
  void everyFileIsAPolicyOfAFeatureOrATrust() throws IOException {
    try (Stream<Path> files = Files.list(Feature.DIRECTORY)) {
      assertThat(files)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of(Feature.values()).map(Feature::file),
                      Stream.of("trust-irsa.json", "trust-pod-identity.json")
                          .map(Feature.DIRECTORY::resolve))
                  .toList());
    }
  }

  static Stream<Path> trusts() {
    return Stream.of("trust-irsa.json", "trust-pod-identity.json").map(Feature.DIRECTORY::resolve);
  }

  /** A trust without a condition would give the role to every pod. */
  @ParameterizedTest
  @MethodSource("trusts")
  void aTrustIsForTheOperatorsServiceAccountAlone(Path file) throws IOException {
    JsonNode statements = json(file).path("Statement");
    assertThat(statements).hasSize(1);
    JsonNode statement = statements.get(0);
    assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
    String principal = statement.path("Principal").path("Federated").asText();
    String issuer = principal.substring(principal.indexOf('/') + 1);
    assertThat(statement.path("Condition"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    issuer.isEmpty()
                        ? """
                        {"StringEquals": {"aws:SourceAccount": "111122223333",
                         "aws:RequestTag/eks-cluster-arn":
                             "arn:aws:eks:eu-west-1:111122223333:cluster/my-cluster",
                         "aws:RequestTag/kubernetes-namespace": "ecr-operator",
                         "aws:RequestTag/kubernetes-service-account": "ecr-operator"}}
                        """
                        : """
                        {"StringEquals": {"ISSUER:aud": "sts.amazonaws.com",
                         "ISSUER:sub": "system:serviceaccount:ecr-operator:ecr-operator"}}
                        """
                            .replace("ISSUER", issuer)));
  }

  /** IAM's limits for a role: characters without white space, of managed policies and inline. */
  @Test
  void allOfThemFitIntoARole() throws IOException {
    int together = 0;
    for (Feature feature : Feature.values()) {
      int length = json(feature.file()).toString().length();
      assertThat(length).isLessThanOrEqualTo(6_144);
      together += length;
    }
    assertThat(Feature.values()).hasSizeLessThanOrEqualTo(10);
    assertThat(together).isLessThanOrEqualTo(10_240);
  }

  static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }

  static Set<String> texts(JsonNode oneOrMany) {
    Set<String> texts = new TreeSet<>();
    if (oneOrMany.isTextual()) {
      texts.add(oneOrMany.asText());
    }
    oneOrMany.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void everyOperationThatIsCalledMayBeGivenARate() {
    assertThat(CalledOperation.all().stream().map(CalledOperation::operation).distinct())
        .containsExactlyInAnyOrderElementsOf(CallRates.OPERATIONS);
  }
}
