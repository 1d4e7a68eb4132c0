package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.NOW;
import static dev.ecroperator.repository.Samples.OWNER;
import static dev.ecroperator.repository.Samples.TARGET;
import static dev.ecroperator.repository.Samples.desired;
import static dev.ecroperator.repository.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Repository;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryDeletion.Past;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's table of deletion, and the sentences after it. */
class RepositoryDeletionTest {
  private static String told(@Nullable Deletion outcome) {
    return switch (outcome) {
      case null -> "asks AWS";
      case Deletion.Done done ->
          (done.occurrence().warning() ? "Warning " : "") + done.occurrence().reason();
      case Deletion.Waiting waiting -> "waits: " + waiting.finding().reason().text();
    };
  }

  private static Deletion delete(FakeRegistry registry, String policy, boolean neverOwned) {
    return delete(registry, policy, new Past(neverOwned, false));
  }

  private static Deletion delete(FakeRegistry registry, String policy, Past past) {
    return delete(registry, policy, past, () -> {});
  }

  private static Deletion delete(
      FakeRegistry registry, String policy, Past past, Runnable unchanged) {
    return RepositoryDeletion.run(
        TARGET, OWNER, desired("deletionPolicy: " + policy), past, registry, unchanged);
  }

  /** An object of that age, in its third generation, with these members of its status. */
  private static Past past(Duration age, String status) {
    return past(age, age, status);
  }

  private static Past past(Duration age, Duration sinceDeletion, String status) {
    Repository object = new Repository();
    object.getMetadata().setGeneration(3L);
    object.getMetadata().setCreationTimestamp(NOW.minus(age).toString());
    object.getMetadata().setDeletionTimestamp(NOW.minus(sinceDeletion).toString());
    object.setStatus(Samples.status(status));
    return Past.of(new RepositoryObject(object), RepositoryMemory.NONE, NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                       | Retained",
        "deletionPolicy: Retain                                   | Retained",
        "{deletionPolicy: Retain, management: ObserveOnly}        | Retained",
        "{deletionPolicy: Retain, suspend: true}                  | Retained",
        "deletionPolicy: Delete                                   | asks AWS",
        "{deletionPolicy: Delete, management: ObserveOnly}        | Warning Retained",
        "{deletionPolicy: Delete, suspend: true}                  | Warning Retained",
        "deletionPolicy: ForceDelete                              | asks AWS",
        "{deletionPolicy: ForceDelete, management: ObserveOnly}   | Warning Retained",
        "{deletionPolicy: ForceDelete, suspend: true}             | Warning Retained",
        "deletionPolicy: Whatever                                 | Retained",
        "{deletionPolicy: ForceDelete, management: Whatever}      | Warning Retained",
      })
  void whatIsNotToBeDeletedNeedsNoAws(String spec, String expected) {
    assertThat(told(RepositoryDeletion.withoutAws("t", desired(spec)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Delete, 0, Deleted, true",
    "Delete, 3, waits: RepositoryNotEmpty, false",
    "ForceDelete, 0, Deleted, true",
    "ForceDelete, 3, Deleted, true",
  })
  void whatIsOursIsDeletedAsThePolicySays(
      String policy, int images, String expected, boolean gone) {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.images = images;
    assertThat(told(delete(registry, policy, false))).isEqualTo(expected);
    assertThat(registry.isEmpty()).isEqualTo(gone);
    assertThat(registry.calls)
        .containsExactly("tags", policy.equals("Delete") ? "delete" : "delete with images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Delete", "ForceDelete"})
  void whatIsNotOursIsNeverDeleted(String policy) {
    for (Tags tags :
        new Tags[] {
          Tags.NONE,
          Tags.of(Map.of(Owner.TAG, "green/payments/api")),
          Tags.of(Map.of(Owner.TAG, "blue/payments/api2")),
          Tags.of(Map.of(Owner.TAG, "")),
          Tags.of(Map.of("owner", OWNER.tagValue()))
        }) {
      FakeRegistry registry = FakeRegistry.holding(observed(tags));
      assertThat(told(delete(registry, policy, false))).isEqualTo("Warning Retained");
      assertThat(registry.calls).containsExactly("tags");
    }
  }

  @Test
  void whatIsGoneAlreadyIsDeleted() {
    FakeRegistry registry = FakeRegistry.empty();
    assertThat(told(delete(registry, "Delete", false))).isEqualTo("Deleted");
    assertThat(registry.calls).containsExactly("tags");
  }

  @Test
  void whatMayBeTooNewToBeShownIsLookedForAgain() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.staleLooks = 1;
    assertThat(told(delete(registry, "Delete", new Past(false, true))))
        .isEqualTo("waits: Progressing");
    assertThat(told(delete(registry, "Delete", new Past(false, true)))).isEqualTo("Deleted");
    assertThat(registry.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 |  5 | conditions: [{type: Ready, status: 'True', reason: InSync}]         | true",
        "99 |  5 | conditions: [{type: Ready, status: 'True', reason: InSync}]         | false",
        "99 |  5 | createdAt: '2026-11-01T11:59:50Z'                                   | true",
        "99 | 50 | createdAt: '2026-11-01T11:50:00Z'                                   | false",
        "99 |  5 | {}                                                                  | true",
        "99 | 50 | {}                                                                  | false",
        "99 |  5 | conditions: [{type: Ready, status: 'False', reason: Unavailable}]   | true",
        "99 | 50 | conditions: [{type: Ready, status: 'False', reason: Unavailable}]   | false",
        "99 |  5 | conditions: [{type: Ready, status: 'False', reason: InvalidSpec}]   | true",
        "99 |  5 | {observedGeneration: 2, conditions: [{type: Ready, reason: Conflict}]} | false",
      })
  void whatWasPerhapsCreatedInTheLastHalfMinuteMayBeTooNew(
      long age, long sinceDeletion, String status, boolean expected) {
    assertThat(past(Duration.ofSeconds(age), Duration.ofSeconds(sinceDeletion), status).mayBeNew())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Conflict, true",
    "AlreadyExists, true",
    "NotPermitted, true",
    "ImmutableConflict, true",
    "AccessDenied, false",
    "QuotaExceeded, false",
    "KmsKeyUnusable, false",
    "RepositoryNotEmpty, false",
    "InvalidSpec, false",
    "Unavailable, false",
    "Throttled, false",
    "Progressing, false",
  })
  void whatEndedBeforeACreationNeverOwnedARepository(String reason, boolean expected) {
    String status =
        "{observedGeneration: 2, conditions: [{type: Ready, reason: " + reason + "}]%s}";
    Duration old = Duration.ofHours(1);
    assertThat(past(old, status.formatted("")).neverOwned()).isEqualTo(expected);
    assertThat(past(old, status.formatted(", origin: Created")).neverOwned()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NotPermitted", "ImmutableConflict"})
  void whoCameToAnotherAccountDoesNotKnowWhatWasCreatedInThePinnedOne(String reason) {
    var pinned =
        Samples.object(
            Map.of(Annotations.TARGET, Samples.TARGET.pin()),
            "observedGeneration: 2, conditions: [{type: Ready, reason: " + reason + "}]");
    pinned.resource().getMetadata().setGeneration(3L);
    pinned.resource().getMetadata().setCreationTimestamp(NOW.minusSeconds(3_600).toString());
    assertThat(Past.of(pinned, RepositoryMemory.NONE, NOW).neverOwned()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"3, true", "2, true", "1, false"})
  void aStatusThatDoesNotTellOfTheLastEditIsNoProofOfThat(long told, boolean expected) {
    // The deletion is the third generation, so that the manifest may be of the second.
    String status =
        "{observedGeneration: %d, conditions: [{type: Ready, reason: AlreadyExists}]}"
            .formatted(told);
    assertThat(past(Duration.ofHours(1), status).neverOwned()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "THROTTLED", "UNAVAILABLE", "AMBIGUOUS", "BUG"})
  void refusalsAndOutagesAreWaitedFor(Failure.Kind kind) {
    FakeRegistry look = FakeRegistry.holding(observed(Samples.owned())).refuse("tags", kind);
    assertThat(told(delete(look, "ForceDelete", false)))
        .isEqualTo("waits: " + kind.reason().text());
    assertThat(look.calls).containsExactly("tags");
    FakeRegistry deletion = FakeRegistry.holding(observed(Samples.owned())).refuse("delete", kind);
    assertThat(told(delete(deletion, "Delete", false))).isEqualTo("waits: " + kind.reason().text());
    assertThat(told(delete(deletion, "Delete", false))).isEqualTo("Deleted");
  }

  @Test
  void aLostAnswerToTheDeletionIsMadeUpByTheNextLook() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned())).loseAnswer("delete with images");
    assertThat(told(delete(registry, "ForceDelete", false))).isEqualTo("waits: Unavailable");
    assertThat(told(delete(registry, "ForceDelete", false))).isEqualTo("Deleted");
  }

  @Test
  void anObjectThatNeverOwnedItsRepositoryAlwaysGoes() {
    FakeRegistry registry = FakeRegistry.empty().refuse("tags", Failure.Kind.UNAVAILABLE);
    assertThat(told(delete(registry, "ForceDelete", true))).isEqualTo("Warning Retained");
    var finding = new Finding(Reason.NOT_PERMITTED, "no grant");
    assertThat(
            told(
                RepositoryDeletion.unreachable(
                    "t", desired("deletionPolicy: Delete"), new Past(true, false), finding)))
        .isEqualTo("Warning Retained");
    assertThat(
            told(
                RepositoryDeletion.unreachable(
                    "t", desired("deletionPolicy: Delete"), new Past(false, false), finding)))
        .isEqualTo("waits: NotPermitted");
  }

  @Test
  void tagsThatMayBeTooNewToBeShownDecideNothingYet() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE));
    assertThat(told(delete(registry, "Delete", new Past(false, true))))
        .isEqualTo("waits: Progressing");
    assertThat(told(delete(registry, "Delete", new Past(true, true))))
        .isEqualTo("Warning Retained");
    assertThat(told(delete(registry, "Delete", new Past(false, false))))
        .isEqualTo("Warning Retained");
    assertThat(registry.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "THROTTLED", "UNAVAILABLE", "AMBIGUOUS"})
  void whatTheTagSaysIsOursIsWaitedForWhateverTheStatusSays(Failure.Kind kind) {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned())).refuse("delete", kind);
    assertThat(told(delete(registry, "Delete", true))).isEqualTo("waits: " + kind.reason().text());
  }

  @Test
  void whatSomebodyElseTookWhileTheDeletionWaitedForItsTurnStays() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.beforeTurn(
        () -> registry.edit(now -> now.withTags(Tags.of(Map.of(Owner.TAG, "green/a/b")))));
    Deletion waiting = delete(registry, "ForceDelete", false);
    assertThat(told(waiting)).isEqualTo("waits: Progressing");
    assertThat(((Deletion.Waiting) waiting).ours()).isFalse();
    assertThat(told(delete(registry, "ForceDelete", false))).isEqualTo("Warning Retained");
    assertThat(registry.calls).containsExactly("tags", "tags", "tags");
  }

  @Test
  void whatTheOwnerTookBackWhileTheDeletionWaitedForItsTurnStays() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.beforeTurn(() -> {});
    var edited = new IllegalStateException("edited");
    assertThatThrownBy(
            () ->
                delete(
                    registry,
                    "ForceDelete",
                    new Past(false, false),
                    () -> {
                      throw edited;
                    }))
        .isSameAs(edited);
    assertThat(registry.isEmpty()).isFalse();

    registry.beforeTurn(() -> {});
    assertThat(told(delete(registry, "ForceDelete", false))).isEqualTo("Deleted");
  }
}
