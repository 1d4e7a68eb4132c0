package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.replication.Registry;
import dev.ecroperator.replication.ReplicationDocument;
import dev.ecroperator.repository.Registries;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client that {@link AwsRegistries} makes asks the fence. */
class FencedTransmissionTest {
  private static final List<String> SETTINGS =
      List.of("aws.endpointUrl", "aws.accessKeyId", "aws.secretAccessKey");

  private static final String ACCOUNT = "111122223333";

  private final EcrSimulator ecr = EcrSimulator.start();
  private final Fence fence = Fence.withoutDeadline();
  private AwsRegistries registries;

  @BeforeEach
  void open() {
    System.setProperty("aws.endpointUrl", ecr.endpoint().toString());
    System.setProperty("aws.accessKeyId", ACCOUNT);
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

  /** A call by one of the clients. */
  record Caller(String client, String operation, Consumer<AwsRegistries> call) {
    @Override
    public String toString() {
      return client;
    }
  }

  static List<Caller> callers() {
    return List.of(
        new Caller("sts", "GetCallerIdentity", Registries::ownAccount),
        new Caller("ecr", "DeleteRepository", at -> delete(at, Visibility.PRIVATE, "eu-west-1")),
        new Caller(
            "ecr-public", "DeleteRepository", at -> delete(at, Visibility.PUBLIC, "us-east-1")),
        new Caller(
            "replication",
            "PutReplicationConfiguration",
            at ->
                at.at(new Registry(ACCOUNT, "eu-west-1"))
                    .put(ReplicationDocument.read("{\"rules\":[]}"))));
  }

  private static void delete(AwsRegistries at, Visibility visibility, String region) {
    var target = new RepositoryTarget(visibility, ACCOUNT, region, "app");
    at.holding(target).delete(target, false);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void whileTheFenceIsOpenCallsAreSent(Caller caller) {
    caller.call.accept(registries);
    assertThat(ecr.log().count(caller.operation)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("callers")
  void onceItIsShutNoneIs(Caller caller) {
    fence.shut();
    assertThatThrownBy(() -> caller.call.accept(registries))
        .isInstanceOf(CallFailedException.class)
        .hasMessageContaining("this replica of the operator does not lead");
    assertThat(ecr.log().calls()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aCallThatWasBegunIsNotSentAgain(Caller caller) {
    // The first attempt gets no answer, which the SDK takes for a reason to send another.
    ecr.faults().on(caller.operation).loseRequest().always();
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
    assertThatThrownBy(() -> caller.call.accept(registries))
        .isInstanceOf(CallFailedException.class);
    assertThat(ecr.log().count(caller.operation)).isEqualTo(1);
  }
}
