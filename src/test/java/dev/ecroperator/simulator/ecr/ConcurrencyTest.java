package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.EcrException;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.Tag;

class ConcurrencyTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String REGION = "eu-west-1";
  private static final int CALLERS = 200;
  private static final int NAMES = 300;

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void ofManyWhoCreateTheSameOnlyOneDoes() throws Exception {
    AtomicInteger created = new AtomicInteger();
    together(
        i -> {
          try {
            ecr.createRepository(r -> r.repositoryName("app"));
            created.incrementAndGet();
          } catch (RepositoryAlreadyExistsException lost) {
            assertThat(lost.awsErrorDetails().errorCode()).isNotEmpty();
          }
        });
    assertThat(created).hasValue(1);
    assertThat(simulator.log().calls()).hasSize(CALLERS);
  }

  @Test
  void noWriteIsLost() throws Exception {
    String arn = ecr.createRepository(r -> r.repositoryName("app")).repository().repositoryArn();
    together(
        i -> {
          ecr.createRepository(r -> r.repositoryName("app" + i));
          ecr.tagResource(
              r -> r.resourceArn(arn).tags(Tag.builder().key("k" + i % 50).value("v").build()));
        });
    assertThat(simulator.repositories(ACCOUNT, REGION)).hasSize(CALLERS + 1);
    assertThat(simulator.repository(ACCOUNT, REGION, "app").tags()).hasSize(50);
  }

  /** Over the wire two writes seldom meet; here they always do. */
  @Test
  void writesThatMeetInOneRegistryTakeTurns() throws Exception {
    Registry registry = new Registry("ecr", ACCOUNT, REGION);
    AtomicInteger created = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(CALLERS);
    together(
        i -> {
          start.await();
          for (int name = 0; name < NAMES; name++) {
            ObjectNode input = Json.object().put("repositoryName", "app" + name);
            try {
              registry.create(
                  PrivateOperations.created(registry, input, Instant.EPOCH), Integer.MAX_VALUE);
              created.incrementAndGet();
            } catch (AwsError taken) {
              assertThat(taken.code()).isEqualTo("RepositoryAlreadyExistsException");
            }
          }
          for (int round = 0; round < 20; round++) {
            String key = i + "-" + round;
            registry.update(
                "app0",
                state -> {
                  Map<String, String> tags = new TreeMap<>(state.tags());
                  tags.put(key, "");
                  return state.withTags(tags);
                });
          }
        });
    assertThat(created).hasValue(NAMES);
    assertThat(registry.find("app0", null).orElseThrow().tags()).hasSize(20 * CALLERS);
  }

  @Test
  void ofImagesThatArePushedTogetherAllArrive() throws Exception {
    simulator.replicationTakes(Duration.ZERO);
    BackDoor backDoor = simulator.backDoor(ACCOUNT, REGION);
    backDoor.create("app");
    backDoor.setReplication(
        "{\"rules\":[{\"destinations\":[{\"region\":\"us-east-1\",\"registryId\":\"111122223333\"}]}]}");
    together(
        i -> {
          String digest = backDoor.putImage("app", "v" + i);
          assertThat(
                  ecr.describeImageReplicationStatus(
                          r -> r.repositoryName("app").imageId(id -> id.imageDigest(digest)))
                      .replicationStatuses())
              .extracting(status -> status.statusAsString())
              .containsExactly("COMPLETE");
        });
    assertThat(simulator.images(ACCOUNT, "us-east-1"))
        .isEqualTo(simulator.images(ACCOUNT, REGION))
        .hasEntrySatisfying("app", images -> assertThat(images).hasSize(CALLERS));
  }

  @Test
  void aFaultForThreeStrikesThree() throws Exception {
    simulator.faults().on("CreateRepository").throttled().times(3);
    AtomicInteger struck = new AtomicInteger();
    together(
        i -> {
          try {
            ecr.createRepository(r -> r.repositoryName("app" + i));
          } catch (EcrException throttled) {
            struck.incrementAndGet();
          }
        });
    assertThat(struck).hasValue(3);
    assertThat(simulator.repositories(ACCOUNT, REGION)).hasSize(CALLERS - 3);
  }

  @Test
  void aSecondSimulatorOnThePortIsRefused() {
    int port = simulator.endpoint().getPort();
    assertThatThrownBy(() -> EcrSimulator.start(port)).isInstanceOf(UncheckedIOException.class);
    simulator.close();
    try (EcrSimulator second = EcrSimulator.start(port)) {
      assertThat(second.endpoint()).isEqualTo(simulator.endpoint());
      assertThat(refusal(() -> ecr.describeRepositories(r -> r.repositoryNames("app"))))
          .startsWith("RepositoryNotFoundException");
    }
  }

  private interface Caller {
    void call(int number) throws Exception;
  }

  private static void together(Caller caller) throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        int number = i;
        calls.add(
            threads.submit(
                () -> {
                  caller.call(number);
                  return number;
                }));
      }
    }
    for (Future<?> call : calls) {
      call.get();
    }
  }
}
