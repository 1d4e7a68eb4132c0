package dev.ecroperator.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Verdict FINE = new Verdict(Reason.IN_SYNC, "fine");

  @Test
  void noFindingsAreFine() {
    assertThat(Verdict.on(List.of(), FINE)).isSameAs(FINE);
  }

  @Test
  void theGravestReasonLeadsAndAllAreTold() {
    assertThat(
            Verdict.on(
                List.of(
                    new Finding(Reason.THROTTLED, "slow down"),
                    new Finding(Reason.INVALID_SPEC, "a is wrong"),
                    new Finding(Reason.ACCESS_DENIED, "no"),
                    new Finding(Reason.INVALID_SPEC, "b is wrong")),
                FINE))
        .isEqualTo(
            new Verdict(
                Reason.INVALID_SPEC,
                "a is wrong; b is wrong; AccessDenied: no; Throttled: slow down"));
  }

  @Test
  void whatIsSaidTwiceIsToldOnce() {
    var finding = new Finding(Reason.CONFLICT, "taken");
    assertThat(Verdict.on(List.of(finding, finding), FINE).message()).isEqualTo("taken");
  }

  @Test
  void longMessagesAreCut() {
    String message =
        Verdict.on(List.of(new Finding(Reason.INVALID_SPEC, "x".repeat(40_000))), FINE).message();
    assertThat(message).hasSize(Verdict.MESSAGE_LIMIT).endsWith("…");
  }
}
