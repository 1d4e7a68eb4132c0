package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.ImageRegistry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationDeletionTest {
  private static final String RULES =
      "[{filters: [api/], destinations: [{region: us-east-1, accountId: '111122223333'}]}]";
  private static final String STANDS = "contribution: " + RULES;

  private final List<Registry> left = new ArrayList<>();
  private List<Finding> inTheWay = List.of();
  private @Nullable Failure noAccount;
  private String ownAccount = SOURCE.accountId();

  private Deletion delete(String spec, String status) {
    ImageReplication object =
        Serialization.unmarshal(
            """
            ---
            metadata:
              annotations: {ecroperator.dev/target: 111122223333/eu-west-1}
            spec: {%s}
            status: {%s}
            """
                .formatted(spec, status),
            ImageReplication.class);
    return ReplicationDeletion.of(
        new ReplicationObject(object),
        new ReplicationRegistries() {
          @Override
          public OwnAccount ownAccount() {
            if (noAccount != null) {
              throw new CallFailedException(noAccount, new IllegalStateException());
            }
            return new OwnAccount(ownAccount, "eu-west-1", "aws");
          }

          @Override
          public ReplicationRegistry at(Registry source) {
            throw new AssertionError("the writer is asked, not the registry");
          }

          @Override
          public ImageRegistry imagesAt(Registry source) {
            throw new AssertionError("who goes looks at no images");
          }
        },
        (leaving, source) -> {
          left.add(source);
          return inTheWay;
        });
  }

  private static Occurrence done(Deletion outcome) {
    assertThat(outcome).isInstanceOf(Deletion.Done.class);
    return ((Deletion.Done) outcome).occurrence();
  }

  @Test
  void itsRulesAreRemovedFirst() {
    assertThat(done(delete("", STANDS)).reason()).isEqualTo("Deleted");
    assertThat(left).containsExactly(SOURCE);
  }

  @Test
  void whileTheyCannotBeRemovedItWaits() {
    inTheWay = List.of(new Finding(Reason.THROTTLED, "later"));

    assertThat(delete("", STANDS)).isEqualTo(new Deletion.Waiting(inTheWay.getFirst(), true));
  }

  @Test
  void anObjectThatNeverSaidAnythingGoesWithoutAws() {
    noAccount = new Failure(Failure.Kind.UNAVAILABLE, "sts:GetCallerIdentity", "away");

    assertThat(done(delete("", "")).reason()).isEqualTo("Deleted");
    assertThat(left).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "contribution: " + RULES + ", superseded: []", // its first one
        "contribution: [], superseded: " + RULES, // its last one
      })
  void anObjectOfWhichAWriteIsInDoubtDoesNotGoBeforeALook(String status) {
    inTheWay = List.of(new Finding(Reason.THROTTLED, "later"));

    assertThat(delete("", status)).isEqualTo(new Deletion.Waiting(inTheWay.getFirst(), true));
    assertThat(left).containsExactly(SOURCE);
  }

  @Test
  void whatShallStayIsMadeARuleOfItsOwn() {
    Occurrence occurrence = done(delete("deletionPolicy: Retain", STANDS));

    assertThat(occurrence.reason()).isEqualTo("Retained");
    assertThat(occurrence.warning()).isFalse();
    assertThat(left).containsExactly(SOURCE);
  }

  @Test
  void aWordThatIsNotKnownRemovesNothing() {
    assertThat(done(delete("deletionPolicy: Archive", STANDS)).reason()).isEqualTo("Retained");
  }

  @Test
  void whatShallStayDoesNotWaitForAws() {
    noAccount = new Failure(Failure.Kind.UNAVAILABLE, "sts:GetCallerIdentity", "away");

    assertThat(done(delete("deletionPolicy: Retain", STANDS)).reason()).isEqualTo("Retained");
  }

  @Test
  void whatShallGoWaitsForAws() {
    noAccount = new Failure(Failure.Kind.UNAVAILABLE, "sts:GetCallerIdentity", "away");

    assertThat(delete("", STANDS))
        .isInstanceOfSatisfying(
            Deletion.Waiting.class,
            waiting -> assertThat(waiting.finding().reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void aSuspendedObjectLeavesItsRulesAndWarns() {
    Occurrence occurrence = done(delete("suspend: true", STANDS));

    assertThat(occurrence.reason()).isEqualTo("Retained");
    assertThat(occurrence.warning()).isTrue();
  }

  @Test
  void inAnotherAccountNothingIsTouched() {
    ownAccount = "999900001111";

    assertThat(delete("", STANDS))
        .isInstanceOfSatisfying(
            Deletion.Waiting.class,
            waiting -> assertThat(waiting.finding().reason()).isEqualTo(Reason.IMMUTABLE_CONFLICT));
    assertThat(left).isEmpty();
  }
}
