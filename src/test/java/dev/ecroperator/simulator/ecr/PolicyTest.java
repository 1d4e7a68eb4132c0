package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;

class PolicyTest {
  private static final String TWO_STATEMENTS =
      """
      {"Version":"2012-10-17","Statement":[
        {"Sid":"A","Effect":"Allow","Principal":{"AWS":["111111111111","222222222222"]},"Action":["ecr:BatchGetImage"]},
        {"Sid":"B","Effect":"Allow","Principal":"*","Action":["ecr:A","ecr:B"]}]}\
      """;
  private static final String DENY_ALL =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"}]}\
      """;
  private static final String EXPIRE =
      """
      {"rules":[{"rulePriority":1,"description":"a description long enough","selection":{"tagStatus":"untagged",
      "countType":"sinceImagePushed","countUnit":"days","countNumber":7},"action":{"type":"expire"}}]}\
      """;

  private static final String TWO_RULES =
      """
      {"rules":[{"rulePriority":2,"selection":{"tagStatus":"any",
      "countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}},
      {"rulePriority":1,"selection":{"tagStatus":"tagged","tagPrefixList":["a","b"],
      "countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}\
      """;

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();

  @BeforeEach
  void createRepository() {
    ecr.createRepository(r -> r.repositoryName("app"));
  }

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void policiesAreReadBackInOtherWords() throws Exception {
    setPolicy(TWO_STATEMENTS);

    JsonNode read =
        Json.MAPPER.readTree(ecr.getRepositoryPolicy(r -> r.repositoryName("app")).policyText());

    JsonNode first = read.path("Statement").path(0);
    JsonNode second = read.path("Statement").path(1);
    assertThat(first.path("Sid").asText()).isEqualTo("B");
    assertThat(first.path("Action").path(0).asText()).isEqualTo("ecr:B");
    assertThat(second.path("Principal").path("AWS").path(0).asText())
        .isEqualTo("arn:aws:iam::222222222222:root");
    assertThat(second.path("Action").asText()).isEqualTo("ecr:BatchGetImage");
    assertThat(simulator.repository(EcrSimulator.DEFAULT_ACCOUNT, "eu-west-1", "app").policy())
        .isEqualTo(read.toPrettyString());
  }

  @Test
  void anAbsentPolicyIsAnError() {
    assertThat(
            refusal(
                () -> ecr.getRepositoryPolicy(r -> r.repositoryName("app")),
                RepositoryPolicyNotFoundException.class))
        .isEqualTo(
            "RepositoryPolicyNotFoundException: Repository policy does not exist for the repository"
                + " with name 'app' in the registry with id '111122223333'");
    setPolicy(TWO_STATEMENTS);
    assertThat(ecr.deleteRepositoryPolicy(r -> r.repositoryName("app")).policyText())
        .contains("ecr:BatchGetImage");
    assertThat(refusal(() -> ecr.deleteRepositoryPolicy(r -> r.repositoryName("app"))))
        .startsWith("RepositoryPolicyNotFoundException");
  }

  @Test
  void brokenPoliciesAreRefused() {
    String invalid =
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint:"
            + " 'Invalid repository policy provided'";
    assertThat(refusal(() -> setPolicy("{"))).isEqualTo(invalid);
    assertThat(refusal(() -> setPolicy("{\"Statement\":[]}"))).isEqualTo(invalid);
    assertThat(refusal(() -> setPolicy(TWO_STATEMENTS.replace("Allow", "Permit"))))
        .isEqualTo(invalid);
    assertThat(refusal(() -> setPolicy(TWO_STATEMENTS + " ".repeat(10_240))))
        .contains("equal to 10240");
  }

  @Test
  void aFreshPrincipalIsUnknownForATime() {
    simulator.unknownPrincipal("222222222222");
    assertThat(refusal(() -> setPolicy(TWO_STATEMENTS)))
        .isEqualTo(
            "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy"
                + " constraint: 'Principal not found'");
    simulator.knownPrincipal("222222222222");
    setPolicy(TWO_STATEMENTS);
  }

  @Test
  void lockingOneselfOutTakesForce() {
    assertThat(refusal(() -> setPolicy(DENY_ALL))).contains("force");
    ecr.setRepositoryPolicy(r -> r.repositoryName("app").policyText(DENY_ALL).force(true));
  }

  @Test
  void lifecyclePoliciesAreReadInOtherWordsAndAnotherOrder() throws Exception {
    assertThat(
            refusal(
                () -> ecr.getLifecyclePolicy(r -> r.repositoryName("app")),
                LifecyclePolicyNotFoundException.class))
        .contains("Lifecycle policy does not exist for the repository with name 'app'");
    putLifecycle(TWO_RULES);
    String read = ecr.getLifecyclePolicy(r -> r.repositoryName("app")).lifecyclePolicyText();
    assertThat(Json.MAPPER.readTree(read).path("rules").findValuesAsText("rulePriority"))
        .containsExactly("1", "2");
    assertThat(Json.texts(Json.MAPPER.readTree(read).at("/rules/0/selection/tagPrefixList")))
        .containsExactly("b", "a");
    ecr.deleteLifecyclePolicy(r -> r.repositoryName("app"));
    assertThat(refusal(() -> ecr.deleteLifecyclePolicy(r -> r.repositoryName("app"))))
        .startsWith("LifecyclePolicyNotFoundException");
    assertThat(refusal(() -> putLifecycle("{\"rules\":[]}")))
        .contains("greater than or equal to 100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"rules\" | {\"more\":1,\"rules\"",
        "\"rulePriority\":1 | \"rulePriority\":0",
        "\"rulePriority\":1 | \"rulePriority\":null",
        "\"untagged\" | \"tagged\"",
        "\"untagged\" | \"some\"",
        "\"untagged\" | \"untagged\",\"storageClass\":null",
        "\"untagged\" | \"tagged\",\"tagPrefixList\":[\"a\"],\"tagPatternList\":[\"a\"]",
        "\"untagged\" | \"tagged\",\"tagPatternList\":[\"*a*b*c*d*\"]",
        "\"untagged\" | \"untagged\",\"tagPrefixList\":[\"a\"]",
        "\"sinceImagePushed\" | \"imageCountMoreThan\"",
        "\"sinceImagePushed\" | \"sinceImageTransitioned\"",
        "\"sinceImagePushed\" | \"sinceImagePulled\"",
        "\"sinceImagePushed\" | \"sinceImageTransitioned\",\"storageClass\":\"archive\"",
        "\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":7},\"action\":{\"type\":\"expire\"}"
            + " | \"sinceImageTransitioned\",\"storageClass\":\"archive\",\"countUnit\":\"days\",\"countNumber\":90},"
            + "\"action\":{\"type\":\"transition\",\"targetStorageClass\":\"archive\"}",
        "\"days\" | \"hours\"",
        "\"countNumber\":7 | \"countNumber\":0",
        "\"expire\" | \"transition\"",
        "\"expire\" | \"expire\",\"targetStorageClass\":\"archive\"",
        "}}]} |"
            + " }},{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1},\"action\":{\"type\":\"expire\"}}]}",
      })
  void lifecyclePoliciesThatBreakTheGrammarAreRefused(String good, String bad) {
    assertThat(EXPIRE).contains(good);
    assertThat(refusal(() -> putLifecycle(EXPIRE.replace(good, bad))))
        .contains("'LifecyclePolicyText'", "Lifecycle policy validation failure: ");
  }

  @Test
  void aRuleForAnyComesLastInItsStorageClass() {
    String any =
        "},{\"rulePriority\":%d,\"selection\":{\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1},\"action\":{\"type\":\"expire\"}}]}";
    String lower =
        EXPIRE.replace("\"rulePriority\":1", "\"rulePriority\":5").replace("}]}", any.formatted(2));
    assertThat(refusal(() -> putLifecycle(lower))).contains("highest");
    putLifecycle(EXPIRE.replace("}]}", any.formatted(2)));
    putLifecycle(EXPIRE.replace("\"expire\"", "\"transition\",\"targetStorageClass\":\"archive\""));
  }

  private void setPolicy(String text) {
    ecr.setRepositoryPolicy(r -> r.repositoryName("app").policyText(text));
  }

  private void putLifecycle(String text) {
    ecr.putLifecyclePolicy(r -> r.repositoryName("app").lifecyclePolicyText(text));
  }
}
