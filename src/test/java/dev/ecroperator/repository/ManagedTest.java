package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.FOREIGN;
import static dev.ecroperator.repository.Samples.desired;
import static dev.ecroperator.repository.Samples.desiredPublic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedTest {
  private static final String ALL =
      """
      imageTagMutability: {mode: IMMUTABLE}
      encryption: {type: KMS}
      scanning: {scanOnPush: false}
      lifecyclePolicy: {rules: []}
      accessPolicy: {push: {accounts: ['444455556666']}}
      tags: {team: payments, stage: prod}
      """;

  @Test
  void whatIsDeclaredIsManagedAndEncryptionNever() {
    assertThat(desired(ALL).declaredFields())
        .containsExactly(
            "accessPolicy",
            "imageTagMutability",
            "lifecyclePolicy",
            "scanning",
            "tags/stage",
            "tags/team");
  }

  @Test
  void aWholeDocumentAndTheMembersOfTheCatalogHaveNamesOfTheirOwn() {
    assertThat(desired("accessPolicy: {json: ''}").declaredFields())
        .containsExactly("accessPolicy.json");
    assertThat(desiredPublic("catalog: {description: a, architectures: []}").declaredFields())
        .containsExactly("catalog/architectures", "catalog/description");
    assertThat(desiredPublic("catalog: {}").declaredFields()).hasSize(5);
  }

  @Test
  void whatWasNeverHeldIsNotReset() {
    assertThat(resets("{}", List.of())).isEqualTo(RepositorySettings.UNDECLARED);
  }

  @Test
  void whatIsDeclaredNoLongerGoesBackToTheDefault() {
    RepositorySettings settings =
        resets(
            "{}",
            List.of("imageTagMutability", "scanning", "lifecyclePolicy", "accessPolicy.json"));
    assertThat(settings.imageTagMutability()).isEqualTo(TagMutability.DEFAULT);
    assertThat(settings.scanOnPush()).isFalse();
    assertThat(settings.lifecyclePolicy()).isEqualTo(LifecyclePolicy.none());
    assertThat(settings.accessPolicy()).isEqualTo(AccessPolicy.NONE);
    assertThat(settings.encryption()).isNull();
  }

  @Test
  void tagsThatAreDeclaredNoLongerAreRemoved() {
    RepositorySettings settings = resets("tags: {a: '1'}", List.of("tags/a", "tags/b/c"));
    assertThat(settings.tags()).isEqualTo(Tags.of(Map.of("a", "1")).removing(List.of("b/c")));
  }

  @Test
  void whatIsStillDeclaredIsNotReset() {
    assertThat(resets(ALL, List.copyOf(desired(ALL).declaredFields())))
        .isEqualTo(desired(ALL).settings());
  }

  @Test
  void membersOfTheCatalogAreResetOneByOne() {
    DesiredRepository desired = desiredPublic("catalog: {description: a}");
    assertThat(
            Managed.withResets(
                    desired.settings(),
                    List.of("catalog/description", "catalog/aboutText", "catalog/architectures"),
                    desired.declaredFields())
                .catalog())
        .isEqualTo(new Catalog("a", "", null, List.of(), null));
  }

  @Test
  void typedGrantsThatAreDeclaredNoLongerLeaveForeignStatements() {
    AccessPolicy reset =
        Objects.requireNonNull(resets("{}", List.of("accessPolicy")).accessPolicy());
    assertThat(reset).isEqualTo(AccessPolicy.ownStatements(PolicyDocument.none()));
    assertThat(reset.over(AccessPolicy.document(FOREIGN))).isEqualTo(FOREIGN);
  }

  @Test
  void typedGrantsInPlaceOfAWholeDocumentAreAllThatStays() {
    String typed = "accessPolicy: {pull: {accounts: ['444455556666']}}";
    AccessPolicy policy =
        Objects.requireNonNull(resets(typed, List.of("accessPolicy.json")).accessPolicy());
    assertThat(policy.scope().field()).isEqualTo("accessPolicy");
    assertThat(policy.over(AccessPolicy.document(FOREIGN)).json())
        .contains("EcrOperatorPullPrincipals")
        .doesNotContain("LambdaECR");
  }

  @Test
  void aWholeDocumentInPlaceOfTypedGrantsIsAllThatStays() {
    AccessPolicy policy =
        resets("accessPolicy: {json: ''}", List.of("accessPolicy")).accessPolicy();
    assertThat(policy).isEqualTo(AccessPolicy.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'accessPolicy: {json: broken}', accessPolicy",
    "'accessPolicy: {json: broken}', accessPolicy.json",
    "'accessPolicy: {pull: {accounts: [nobody]}}', accessPolicy",
    "'accessPolicy: {pull: {accounts: [nobody]}}', accessPolicy.json",
    "'lifecyclePolicy: {json: broken}', lifecyclePolicy",
  })
  void aDocumentThatCannotBeReadIsNoReasonToRemoveTheOneInForce(String yaml, String held) {
    DesiredRepository desired = desired(yaml);
    assertThat(desired.unreadable()).isNotEmpty();
    RepositorySettings settings =
        Managed.withResets(desired.settings(), List.of(held), desired.declaredFields());
    assertThat(settings).isEqualTo(RepositorySettings.UNDECLARED);
    assertThat(
            Managed.after(List.of(held), desired.declaredFields(), desired.unreadable(), Set.of()))
        .contains(held);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // held | declared | unsettled | of those in doubt | held after
        "''       | scanning    | ''       | ''       | scanning",
        "''       | ''          | ''       | ''       | ''",
        "scanning | ''          | ''       | ''       | ''",
        "scanning | scanning    | ''       | ''       | scanning",
        // A change that was refused: what was held is held, what was not is not.
        "''       | scanning    | scanning | ''       | ''",
        "scanning | scanning    | scanning | ''       | scanning",
        // A reset that failed is still owed.
        "scanning | ''          | scanning | ''       | scanning",
        "tags/a   | ''          | tags/a   | ''       | tags/a",
        // A change that may have gone through is held, so that it can be taken back.
        "''       | scanning    | scanning | scanning | scanning",
        // A document that could not be read.
        "''              | lifecyclePolicy | lifecyclePolicy | '' | ''",
        "lifecyclePolicy | lifecyclePolicy | lifecyclePolicy | '' | lifecyclePolicy",
        // The two forms of an access policy are one document.
        "accessPolicy.json | accessPolicy | '' | '' | accessPolicy",
        "accessPolicy.json | accessPolicy | accessPolicy.json | '' | accessPolicy.json",
        "accessPolicy | accessPolicy.json | accessPolicy.json | '' | accessPolicy",
        "accessPolicy.json | accessPolicy | accessPolicy.json | accessPolicy.json"
            + " | accessPolicy,accessPolicy.json",
        "accessPolicy.json | accessPolicy | accessPolicy | '' | accessPolicy.json",
        // Fields fail one by one.
        "'' | scanning,tags/a,tags/b | tags/a | '' | scanning,tags/b",
      })
  void whatIsHeldAfterAPass(
      String held, String declared, String unsettled, String inDoubt, String expected) {
    assertThat(Managed.after(set(held), set(declared), set(unsettled), set(inDoubt)))
        .isEqualTo(set(expected));
  }

  private static Set<String> set(String fields) {
    Set<String> set = new TreeSet<>(Arrays.asList(fields.split(",", -1)));
    set.remove("");
    return set;
  }

  private static RepositorySettings resets(String yaml, List<String> held) {
    DesiredRepository desired = desired(yaml);
    return Managed.withResets(desired.settings(), held, desired.declaredFields());
  }
}
