package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.policy.PolicyDocument;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PermittedTest {
  private static final String FIELD = "accessPolicy";

  private final Map<String, Failure> unread = new HashMap<>();

  private static String fail(CallFailedException failure) {
    throw failure;
  }

  private static PolicyDocument malformed() {
    return PolicyDocument.parse("{\"Version\":");
  }

  @Test
  void whatCanBeReadIsNotNoted() {
    assertThat(Permitted.read(FIELD, unread, () -> "read")).isEqualTo("read");
    assertThat(Permitted.orFail(() -> "read")).isEqualTo("read");
    assertThat(unread).isEmpty();
  }

  @Test
  void whatMayNotBeReadIsNotedAndLeftOut() {
    var denied = new Failure(Failure.Kind.DENIED, "ecr:GetRepositoryPolicy", "not authorized");

    assertThat(Permitted.read(FIELD, unread, () -> fail(new CallFailedException(denied)))).isNull();

    assertThat(unread).containsExactly(Map.entry(FIELD, denied));
  }

  /** It may be read by the next pass, and is none of what the reading can do without. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DENIED")
  void anyOtherFailureIsOneOfTheWholeReading(Failure.Kind kind) {
    var failure = new CallFailedException(new Failure(kind, "ecr:GetRepositoryPolicy", "failed"));

    assertThatThrownBy(() -> Permitted.read(FIELD, unread, () -> fail(failure))).isSameAs(failure);

    assertThat(unread).isEmpty();
  }

  @Test
  void whatIsNotUnderstoodIsNotedAndLeftOut() {
    assertThat(Permitted.read(FIELD, unread, PermittedTest::malformed)).isNull();

    Failure noted = Objects.requireNonNull(unread.get(FIELD));
    assertThat(noted.kind()).isEqualTo(Failure.Kind.BUG);
    assertThat(noted.message()).startsWith("cannot be understood: ");
  }

  @Test
  void whatHasToBeUnderstoodFailsAsACallDoes() {
    assertThatThrownBy(() -> Permitted.orFail(PermittedTest::malformed))
        .isInstanceOfSatisfying(
            CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.BUG))
        .hasCauseInstanceOf(MalformedDocumentException.class);
  }

  @Test
  void whatHasToBeReadAndMayNotBeFails() {
    var denied = new CallFailedException(new Failure(Failure.Kind.DENIED, "ecr:Get", "no"));
    assertThatThrownBy(() -> Permitted.orFail(() -> fail(denied))).isSameAs(denied);
  }
}
