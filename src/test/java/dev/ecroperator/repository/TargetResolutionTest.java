package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.OWN;
import static dev.ecroperator.repository.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetResolutionTest {
  private static Resolution<RepositoryTarget> resolve(
      String yaml, @Nullable String pin, OwnAccount own) {
    return TargetResolution.of(
        spec(yaml),
        Objects.requireNonNull(TargetResolution.visibility(spec(yaml))),
        "payments-api",
        pin,
        null,
        own);
  }

  private static String told(Resolution<RepositoryTarget> resolution) {
    return switch (resolution) {
      case Resolution.Resolved<RepositoryTarget>(RepositoryTarget target) ->
          target.visibility().text() + " " + target.pin();
      case Resolution.Refused<RepositoryTarget> refused -> refused.finding().reason().text();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                       | Private 111122223333/eu-west-1/payments-api",
        "name: payments/api                       | Private 111122223333/eu-west-1/payments/api",
        "registry: {region: us-west-2}            | Private 111122223333/us-west-2/payments-api",
        "registry: {accountId: '111122223333'}    | Private 111122223333/eu-west-1/payments-api",
        "registry: {}                             | Private 111122223333/eu-west-1/payments-api",
        "{visibility: Private, name: ab}          | Private 111122223333/eu-west-1/ab",
        "visibility: Public                       | Public 111122223333/us-east-1/payments-api",
        "registry: {accountId: '999900001111'}    | NotPermitted",
        "name: Payments                           | InvalidSpec",
        "name: a                                  | InvalidSpec",
        "{visibility: Public, name: a__b}         | InvalidSpec",
        "name: a__b                               | Private 111122223333/eu-west-1/a__b",
      })
  void whatIsLeftOutIsTheOperatorsOwn(String yaml, String expected) {
    assertThat(told(resolve(yaml, null, OWN))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"Private, 256", "Public, 205"})
  void aNameIsAsLongAsEcrAllows(String visibility, int longest) {
    String yaml = "{visibility: %s, name: %s}";

    String fits = "n".repeat(longest);
    assertThat(told(resolve(yaml.formatted(visibility, fits), null, OWN))).endsWith("/" + fits);
    assertThat(told(resolve(yaml.formatted(visibility, fits + "n"), null, OWN)))
        .isEqualTo("InvalidSpec");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // spec | pin | own account and region | outcome
        "{} | 111122223333/eu-west-1/payments-api | 111122223333 | eu-west-1"
            + " | Private 111122223333/eu-west-1/payments-api",
        // The operator's region changed: the object stays where it is.
        "{} | 111122223333/eu-west-1/payments-api | 111122223333 | eu-central-1"
            + " | Private 111122223333/eu-west-1/payments-api",
        // The operator's account changed: the repository cannot be reached as the same.
        "{} | 111122223333/eu-west-1/payments-api | 999900001111 | eu-west-1 | ImmutableConflict",
        "registry: {accountId: '111122223333'} | 111122223333/eu-west-1/payments-api"
            + " | 999900001111 | eu-west-1 | ImmutableConflict",
        // What the manifest says may not change.
        "registry: {region: us-west-2} | 111122223333/eu-west-1/payments-api | 111122223333"
            + " | us-west-2 | ImmutableConflict",
        "registry: {accountId: '111122223333'} | 999900001111/eu-west-1/payments-api"
            + " | 111122223333 | eu-west-1 | ImmutableConflict",
        "registry: {accountId: '999900001111'} | 111122223333/eu-west-1/payments-api"
            + " | 111122223333 | eu-west-1 | ImmutableConflict",
        "name: other | 111122223333/eu-west-1/payments-api | 111122223333 | eu-west-1"
            + " | ImmutableConflict",
        "name: payments/api | 111122223333/eu-west-1/payments/api | 111122223333 | eu-west-1"
            + " | Private 111122223333/eu-west-1/payments/api",
        // An annotation that somebody broke is no reason to move.
        "{} | nonsense | 111122223333 | eu-west-1 | ImmutableConflict",
        "{} | '' | 111122223333 | eu-west-1 | ImmutableConflict",
        // Public ones live in us-east-1, wherever the operator does.
        "visibility: Public | 111122223333/us-east-1/payments-api | 111122223333 | eu-central-1"
            + " | Public 111122223333/us-east-1/payments-api",
        "visibility: Public | 111122223333/eu-west-1/payments-api | 111122223333 | eu-west-1"
            + " | ImmutableConflict",
      })
  void aPinnedTargetStays(String yaml, String pin, String account, String region, String expected) {
    assertThat(told(resolve(yaml, pin, new OwnAccount(account, region, "aws"))))
        .isEqualTo(expected);
  }

  /** An object as the cluster may have it: with an annotation, or without; a status, or none. */
  private static RepositoryObject object(@Nullable String annotation, String status) {
    return Samples.object(
        annotation == null ? Map.of() : Map.of(Annotations.TARGET, annotation), status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // annotation | origin | outcome, where the operator has moved to eu-central-1
        "-                                       | Created | Private"
            + " 111122223333/eu-west-1/payments-api",
        "111122223333/eu-west-1/payments-api     | Created | Private"
            + " 111122223333/eu-west-1/payments-api",
        "111122223333/us-east-1/payments-api     | Adopted | ImmutableConflict",
        "111122223333/eu-west-1/other            | Created | ImmutableConflict",
        // Where nothing is the object's, there is nothing to stay with.
        "-                                       | -       | Private"
            + " 111122223333/eu-central-1/payments-api",
      })
  void whatTheStatusHoldsStaysThoughTheAnnotationIsLostOrEdited(
      @Nullable String annotation, @Nullable String origin, String expected) {
    RepositoryObject object =
        object(
            annotation,
            "registryId: '111122223333', region: eu-west-1, name: payments-api%s"
                .formatted(origin == null ? "" : ", origin: " + origin));
    var moved = new OwnAccount("111122223333", "eu-central-1", "aws");
    assertThat(told(object.target(moved))).isEqualTo(expected);
  }

  @Test
  void anObjectThatHasLostItsAnnotationClaimsWhatItsStatusHolds() {
    String status =
        "registryId: '111122223333', region: eu-west-1, name: payments/api, origin: Created";
    assertThat(object(null, status).claims(Samples.TARGET, Samples.OWN)).isTrue();
    assertThat(object(null, "").claims(Samples.TARGET, Samples.OWN)).isFalse();
    assertThat(object(Samples.TARGET.pin(), "").claims(Samples.TARGET, Samples.OWN)).isTrue();
  }

  @Test
  void publicRepositoriesExistInOnePartitionOnly() {
    assertThat(
            told(
                resolve(
                    "visibility: Public",
                    null,
                    new OwnAccount("111122223333", "cn-north-1", "aws-cn"))))
        .isEqualTo("InvalidSpec");
  }

  @Test
  void anUnknownVisibilityIsNone() {
    assertThat(TargetResolution.visibility(spec("visibility: Secret"))).isNull();
  }

  @Test
  void aRefusalNamesTheField() {
    assertThat(resolve("name: Payments", null, OWN))
        .isInstanceOf(Resolution.Refused.class)
        .asString()
        .contains("spec.name: 'Payments'");
    assertThat(TargetResolution.of(spec("{}"), Visibility.PRIVATE, "a", null, null, OWN))
        .isInstanceOf(Resolution.Refused.class)
        .asString()
        .contains("INVALID_SPEC", "metadata.name: ");
  }

  @Test
  void aPinReadsBackAsItWasWritten() {
    assertThat(RepositoryTarget.parse(Visibility.PRIVATE, Samples.TARGET.pin()))
        .contains(Samples.TARGET);
    assertThat(RepositoryTarget.parse(Visibility.PRIVATE, "a/b")).isEmpty();
  }
}
