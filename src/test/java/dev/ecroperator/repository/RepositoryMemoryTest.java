package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.NOW;
import static dev.ecroperator.repository.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepositoryMemoryTest {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static RepositoryOutcome outcome(Hold hold, Finding... findings) {
    return Samples.outcome(
        hold,
        observed(Samples.owned()),
        new TreeSet<>(List.of("scanning")),
        List.of(findings),
        false,
        List.of(),
        Set.of());
  }

  private static RepositoryMemory after(Hold hold, Finding... findings) {
    return RepositoryMemory.NONE.after(outcome(hold, findings), NOW, NOW.plusSeconds(300));
  }

  @Test
  void whatWasSeenMayBePlannedOnUntilALookIsDue() {
    RepositoryMemory memory = after(Hold.OWNED);
    assertThat(memory.seenAt(NOW, LONGEST)).contains(observed(Samples.owned()));
    assertThat(memory.edited(2).seenAt(NOW, LONGEST)).isPresent();
    assertThat(memory.seenAt(NOW.plusSeconds(300), LONGEST)).isEmpty();
    assertThat(memory.asked().seenAt(NOW, LONGEST)).isEmpty();
    assertThat(memory.seenAt(NOW.minusSeconds(3600), LONGEST)).as("the clock set back").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Hold.class,
      names = {"UNKNOWN", "FOUND", "OBSERVED", "NONE"})
  void onlyWhatIsOursIsPlannedOn(Hold hold) {
    assertThat(after(hold).seenAt(NOW, LONGEST)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"PROGRESSING", "UNAVAILABLE"})
  void whatMayHaveChangedUnderALostAnswerIsLookedAt(Reason reason) {
    assertThat(after(Hold.OWNED, new Finding(reason, "m")).seenAt(NOW, LONGEST)).isEmpty();
  }

  @Test
  void aRefusalIsNoReasonToLookAgain() {
    assertThat(after(Hold.OWNED, new Finding(Reason.ACCESS_DENIED, "m")).seenAt(NOW, LONGEST))
        .isPresent();
  }

  @Test
  void failuresAreCountedUntilOneSucceedsOrTheManifestIsEdited() {
    RepositoryMemory pass = after(Hold.OWNED, new Finding(Reason.THROTTLED, "m"));
    assertThat(pass.failures()).as("its status may be refused yet").isZero();
    RepositoryMemory failed = pass.afterFailure();
    assertThat(failed.failures()).isEqualTo(1);
    assertThat(failed.afterFailure().failures()).isEqualTo(2);
    assertThat(failed.edited(9).failures()).isZero();
    RepositoryMemory mended = failed.after(outcome(Hold.OWNED), NOW, NOW);
    assertThat(mended.failures()).as("its status may be refused yet").isEqualTo(1);
    assertThat(mended.withoutFailures().failures()).isZero();
  }

  @Test
  void whatIsHeldIsRememberedThroughAnEdit() {
    assertThat(RepositoryMemory.NONE.held()).isNull();
    assertThat(after(Hold.OWNED).edited(2).asked().afterFailure().held())
        .containsExactly("scanning");
  }

  @Test
  void whatIsAsDeclaredStaysKnownUntilTheManifestIsEditedOrALookTellsOtherwise() {
    RepositoryMemory memory = after(Hold.OWNED);
    assertThat(memory.settled()).containsExactlyInAnyOrder("repository", "scanning");
    RepositoryOutcome blind =
        Samples.outcome(
            Hold.UNKNOWN,
            null,
            new TreeSet<>(List.of("scanning")),
            List.of(),
            false,
            List.of(),
            Set.of());
    assertThat(memory.asked().after(blind, NOW, NOW).settled()).contains("scanning");
    assertThat(memory.edited(2).settled()).isEmpty();
  }

  @Test
  void whatMayNotBeReadIsReasonToLookAgain() {
    var denied =
        new RepositoryOutcome(
            Hold.OWNED,
            observed(Samples.owned()),
            new TreeSet<>(),
            List.of(new Finding(Reason.ACCESS_DENIED, "m")),
            false,
            List.of(),
            Set.of(),
            Set.of("lifecyclePolicy"),
            Set.of(),
            Map.of(),
            List.of());
    assertThat(RepositoryMemory.NONE.after(denied, NOW, NOW.plusSeconds(300)).seenAt(NOW, LONGEST))
        .isEmpty();
  }

  @Test
  void aLookThatWasAskedForIsOwedUntilItIsMade() {
    RepositoryMemory asked = after(Hold.OWNED).asked();
    assertThat(after(Hold.OWNED).lookOwed()).isFalse();
    assertThat(asked.lookOwed()).isTrue();
    assertThat(asked.after(outcome(Hold.UNKNOWN), NOW, NOW).lookOwed()).isTrue();
    assertThat(asked.after(outcome(Hold.OWNED), NOW, NOW).lookOwed()).isFalse();
  }

  @Test
  void whatWasFoundAndCouldNotBeClaimedIsLookedAtAnewAndNotCreated() {
    RepositoryMemory memory = after(Hold.FOUND);
    assertThat(memory.exists()).isTrue();
    assertThat(memory.lookOwed()).isTrue();
    assertThat(memory.settled()).as("it is not the object's").isEmpty();
  }

  @Test
  void forHalfAMinuteACreationInDoubtMayNotBeShownWithItsTags() {
    RepositoryMemory memory = after(Hold.IN_DOUBT);
    assertThat(memory.mayBeNewAt(NOW.plusSeconds(29))).isTrue();
    assertThat(memory.mayBeNewAt(NOW.plusSeconds(30))).isFalse();
    assertThat(memory.edited(2).asked().afterFailure().mayBeNewAt(NOW)).isTrue();
    RepositoryMemory later = memory.after(outcome(Hold.UNKNOWN), NOW.plusSeconds(9), NOW);
    assertThat(later.mayBeNewAt(NOW.plusSeconds(29))).isTrue();
    assertThat(later.mayBeNewAt(NOW.plusSeconds(30))).isFalse();
    assertThat(memory.after(outcome(Hold.OWNED), NOW, NOW).mayBeNewAt(NOW)).isFalse();
    assertThat(after(Hold.UNKNOWN).mayBeNewAt(NOW)).as("none was sent").isFalse();
    assertThat(memory.mayBeNewAt(NOW.minusSeconds(60))).as("the clock was set back").isFalse();
  }

  @Test
  void whatIsGoneIsCreatedWithoutALook() {
    assertThat(after(Hold.OWNED).exists()).isTrue();
    assertThat(after(Hold.OWNED).after(outcome(Hold.GONE), NOW, NOW).exists()).isFalse();
  }

  @Test
  void whatEcrRefusedIsSentAgainOnceSomethingChangedOrSomebodyAsks() {
    RepositoryChange change = new RepositoryChange.PutImageScanningConfiguration(true);
    var refusing =
        new RepositoryOutcome(
            Hold.OWNED,
            observed(Samples.owned()),
            new TreeSet<>(),
            List.of(new Finding(Reason.INVALID_SPEC, "m")),
            false,
            List.of(),
            Set.of("scanning"),
            Set.of(),
            Set.of(),
            Map.of(change, Samples.failure(Failure.Kind.INVALID)),
            List.of());
    RepositoryMemory memory = RepositoryMemory.NONE.after(refusing, NOW, NOW);

    assertThat(memory.afterFailure().refused()).containsOnlyKeys(change);
    assertThat(memory.edited(2).refused()).isEmpty();
    assertThat(memory.asked().refused()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Hold.class,
      names = {"UNKNOWN", "IN_DOUBT"})
  void whatWasThereIsNotCreatedSinceAPassLearntNothing(Hold hold) {
    assertThat(after(Hold.OWNED).after(outcome(hold), NOW, NOW).exists()).isTrue();
    assertThat(after(hold).exists()).isFalse();
  }

  @Test
  void theStatusHoldsWhatTheLastPassCameToHoldWhateverIsRecorded() {
    RepositoryStatus recorded = Samples.status("{managed: [tags/team], origin: Created}");

    assertThat(after(Hold.OWNED).status(recorded).managed()).containsExactly("scanning");
    assertThat(after(Hold.OWNED).status(recorded).origin()).isEqualTo(recorded.origin());
    assertThat(RepositoryMemory.NONE.status(recorded)).isEqualTo(recorded);
  }
}
