package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AbsenceTest {
  private static final String NO_POLICY = "RepositoryPolicyNotFoundException";

  private static CallFailedException failure(Failure.Kind kind, String message) {
    return new CallFailedException(new Failure(kind, "ecr:Something", message));
  }

  private static String fail(CallFailedException failure) {
    throw failure;
  }

  @Test
  void aDocumentThatDoesNotExistIsItsDefault() {
    var absent = failure(Failure.Kind.ABSENT, NO_POLICY + ": none");
    assertThat(Absence.asDefault(NO_POLICY, "none", () -> fail(absent))).isEqualTo("none");
  }

  @Test
  void aRepositoryThatDoesNotExistIsNotOneWithoutADocument() {
    var gone = failure(Failure.Kind.ABSENT, "RepositoryNotFoundException: gone");
    assertThatThrownBy(() -> Absence.asDefault(NO_POLICY, "none", () -> fail(gone)))
        .as("its policy may be there at the next look, with the statements of others")
        .isSameAs(gone);
    assertThatThrownBy(() -> Absence.accepted(NO_POLICY, () -> fail(gone)))
        .as("nothing of it is as declared")
        .isSameAs(gone);
  }

  @Test
  void whatIsToGoMayBeGone() {
    Absence.accepted(() -> fail(failure(Failure.Kind.ABSENT, "RepositoryNotFoundException: gone")));
    Absence.accepted(NO_POLICY, () -> fail(failure(Failure.Kind.ABSENT, NO_POLICY + ": none")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "THROTTLED", "UNAVAILABLE", "AMBIGUOUS"})
  void noOtherFailureIsAnAbsence(Failure.Kind kind) {
    var failure = failure(kind, NO_POLICY + ": not really");
    assertThatThrownBy(() -> Absence.asDefault(NO_POLICY, "", () -> fail(failure)))
        .isSameAs(failure);
    assertThatThrownBy(() -> Absence.asEmpty(() -> fail(failure))).isSameAs(failure);
    assertThatThrownBy(() -> Absence.accepted(() -> fail(failure))).isSameAs(failure);
    assertThatThrownBy(() -> Absence.accepted(NO_POLICY, () -> fail(failure))).isSameAs(failure);
  }
}
