package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client that {@link AwsRegistries} makes asks the fence. */
class FencedTransmissionTest {
  private static final String REGION = "eu-west-1";

  private final Fence fence = Fence.withoutDeadline();
  private final SimulatedAws aws = new SimulatedAws(REGION, 1, fence);
  private final EcrSimulator ecr = aws.ecr;

  @AfterEach
  void close() {
    aws.close();
  }

  /** A call by one of the clients. */
  record Caller(String client, String operation, Consumer<SimulatedAws> call) {
    @Override
    public String toString() {
      return client;
    }
  }

  static List<Caller> callers() {
    return List.of(
        new Caller("sts", "GetCallerIdentity", at -> at.registries.ownAccount()),
        new Caller("ecr", "DeleteRepository", at -> at.delete(Visibility.PRIVATE, REGION, "app")),
        new Caller(
            "ecr-public",
            "DeleteRepository",
            at -> at.delete(Visibility.PUBLIC, "us-east-1", "app")),
        new Caller(
            "replication", "PutReplicationConfiguration", at -> at.replicateNothing(REGION)));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void whileTheFenceIsOpenCallsAreSent(Caller caller) {
    caller.call.accept(aws);
    assertThat(ecr.log().count(caller.operation)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void onceItIsShutNoneIs(Caller caller) {
    fence.shut();
    assertThatThrownBy(() -> caller.call.accept(aws))
        .isInstanceOf(CallFailedException.class)
        .hasMessageContaining("this replica of the operator does not lead");
    assertThat(ecr.log().calls()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aCallThatWasBegunIsNotSentAgain(Caller caller) {
    // The first attempt gets no answer, which the SDK takes for a reason to send another.
    ecr.faults().on(caller.operation).loseRequest().always();
    ecr.faults().over(Line.before(request -> fence.shut()));
    assertThatThrownBy(() -> caller.call.accept(aws)).isInstanceOf(CallFailedException.class);
    assertThat(ecr.log().count(caller.operation)).isEqualTo(1);
  }
}
