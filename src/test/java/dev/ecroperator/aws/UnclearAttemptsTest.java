package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure.Kind;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.repository.RepositoryChange;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.ecr.Faults;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK makes several attempts of a call, and tells of the last one only. */
class UnclearAttemptsTest {
  private static final String REGION = "eu-west-1";

  private final SimulatedAws aws = new SimulatedAws(REGION, 20, Fence.withoutDeadline());
  private final RepositoryTarget target =
      new RepositoryTarget(Visibility.PRIVATE, SimulatedAws.ACCOUNT, REGION, "api");
  private final RepositoryRegistry registry = aws.registries.holding(target);

  @BeforeEach
  void create() {
    registry.create(target, RepositorySettings.UNDECLARED);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private Faults.Script on(String operation) {
    return aws.ecr.faults().on(operation);
  }

  private static Kind failureOf(Runnable call) {
    return catchThrowableOfType(CallFailedException.class, call::run).kind();
  }

  private Kind failureOfTheChange() {
    return failureOf(
        () ->
            registry.apply(
                target, new RepositoryChange.PutImageScanningConfiguration(true), () -> {}));
  }

  @Test
  void aChangeThatMayStandIsInDoubtThoughALaterAttemptWasThrottled() {
    on("PutImageScanningConfiguration").errorAfterCommit(500, "ServerException", "oh").times(1);
    on("PutImageScanningConfiguration").throttled().times(2);
    assertThat(failureOfTheChange()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(registry.find(target, Duration.ZERO))
        .hasValueSatisfying(now -> assertThat(now.settings().scanOnPush()).isTrue());
  }

  @Test
  void soItIsThoughALaterAttemptWasDenied() {
    on("PutImageScanningConfiguration").loseAnswer().times(1);
    on("PutImageScanningConfiguration").accessDenied().times(1);
    assertThat(failureOfTheChange()).isEqualTo(Kind.AMBIGUOUS);
  }

  @ParameterizedTest
  @CsvSource({"ExpiredTokenException, not now", "InvalidParameterException, Principal not found"})
  void soItIsThoughALaterAttemptMayBeMadeAgain(String code, String message) {
    on("PutImageScanningConfiguration").errorAfterCommit(500, "ServerException", "oh").times(1);
    on("PutImageScanningConfiguration").error(400, code, message).times(1);
    assertThat(failureOfTheChange()).isEqualTo(Kind.AMBIGUOUS);
  }

  @Test
  void aChangeThatWasThrottledEachTimeWasNotMade() {
    on("PutImageScanningConfiguration").throttled().times(3);
    assertThat(failureOfTheChange()).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void whatExistsAfterAnAttemptToCreateItMayBeOfThatAttempt() {
    var another = new RepositoryTarget(Visibility.PRIVATE, SimulatedAws.ACCOUNT, REGION, "web");
    on("CreateRepository").loseAnswer().times(1);
    assertThat(failureOf(() -> registry.create(another, RepositorySettings.UNDECLARED)))
        .isEqualTo(Kind.AMBIGUOUS);
    assertThat(failureOf(() -> registry.create(another, RepositorySettings.UNDECLARED)))
        .as("no attempt of this call is in doubt")
        .isEqualTo(Kind.EXISTS);
  }

  /** ECR may ask KMS, and count, before it looks whether the repository exists. */
  @ParameterizedTest
  @ValueSource(strings = {"LimitExceededException", "KmsException"})
  void soMayBeWhatFillsTheQuotaThatALaterAttemptFindsFull(String code) {
    var another = new RepositoryTarget(Visibility.PRIVATE, SimulatedAws.ACCOUNT, REGION, "web");
    on("CreateRepository").loseAnswer().times(1);
    on("CreateRepository").error(400, code, "no more").times(1);
    assertThat(failureOf(() -> registry.create(another, RepositorySettings.UNDECLARED)))
        .isEqualTo(Kind.AMBIGUOUS);
  }

  @Test
  void anAnswerThatTellsWhatThereIsStands() {
    on("PutImageScanningConfiguration").errorAfterCommit(500, "ServerException", "oh").times(1);
    on("PutImageScanningConfiguration").error(400, "RepositoryNotFoundException", "gone").times(1);
    assertThat(failureOfTheChange()).isEqualTo(Kind.ABSENT);
  }

  @Test
  void aReadThatWasThrottledInTheEndIsInNoDoubt() {
    on("ListTagsForResource").error(500, "ServerException", "oh").times(1);
    on("ListTagsForResource").throttled().times(2);
    assertThat(failureOf(() -> registry.tags(target))).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void eachCallIsJudgedByItsOwnAttempts() {
    on("PutImageScanningConfiguration").error(500, "ServerException", "oh").times(3);
    assertThat(failureOfTheChange()).isEqualTo(Kind.AMBIGUOUS);
    on("PutImageScanningConfiguration").throttled().times(3);
    assertThat(failureOfTheChange()).isEqualTo(Kind.THROTTLED);
  }
}
