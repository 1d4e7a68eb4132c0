package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every client that {@link AwsRegistries} makes asks the fence. */
class FencedTransmissionTest {
  private static final List<String> SETTINGS =
      List.of("aws.endpointUrl", "aws.accessKeyId", "aws.secretAccessKey");

  private final EcrSimulator ecr = EcrSimulator.start();
  private final Fence fence = Fence.withoutDeadline();
  private AwsRegistries registries;

  @BeforeEach
  void open() {
    System.setProperty("aws.endpointUrl", ecr.endpoint().toString());
    System.setProperty("aws.accessKeyId", "111122223333");
    System.setProperty("aws.secretAccessKey", "secret");
    registries =
        new AwsRegistries(
            "eu-west-1",
            CallRates.BUILT_IN,
            1,
            1,
            fence,
            Optional.empty(),
            new AwsCallMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
  }

  @AfterEach
  void close() {
    registries.close();
    ecr.close();
    SETTINGS.forEach(System::clearProperty);
  }

  @Test
  void whileTheFenceIsOpenCallsAreSent() {
    assertThat(registries.ownAccount().accountId()).isEqualTo("111122223333");
  }

  @Test
  void onceItIsShutNoneIs() {
    fence.shut();
    assertThatThrownBy(registries::ownAccount)
        .isInstanceOf(CallFailedException.class)
        .hasMessageContaining("this replica of the operator does not lead");
    assertThat(ecr.log().calls()).isEmpty();
  }

  @Test
  void aCallThatWasBegunIsNotSentAgain() {
    // The first attempt gets no answer, which the SDK takes for a reason to send another.
    ecr.faults().on("GetCallerIdentity").loseRequest().always();
    ecr.faults()
        .over(
            new Line() {
              @Override
              public boolean carries(Request request) {
                fence.shut();
                return true;
              }

              @Override
              public boolean returns(Request request) {
                return true;
              }
            });
    assertThatThrownBy(registries::ownAccount).isInstanceOf(CallFailedException.class);
    assertThat(ecr.log().count("GetCallerIdentity")).isEqualTo(1);
  }
}
