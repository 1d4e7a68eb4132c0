package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.simulator.ecr.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** The process among those who run it: its endpoints, its log, its end. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class ProcessIT {
  @RegisterExtension
  static final Scene scene = Scene.withResync("3s", "OPERATOR_LOG_LEVEL", "debug");

  @Test
  void itsEndpointsTellHowItIs() {
    RepositoryObject object = scene.repository("measured").create(EditIT.EVERYTHING);
    object.awaitInSync();
    scene.outsider().setMutability("measured", ImageTagMutability.MUTABLE);
    object.awaitEvent("DriftCorrected");
    RepositoryObject refused = scene.repository("not-measured");
    refused.create("{registry: {accountId: \"999999999999\"}}").awaitReason("NotPermitted");

    assertThat(scene.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(scene.get("/readyz").body()).isEqualTo("ok\n");
    assertThat(scene.get("/readyz").statusCode()).isEqualTo(200);
    String metrics = scene.get("/metrics").body();

    assertThat(metrics)
        .containsPattern(
            "ecr_operator_resources\\{kind=\"Repository\",ready=\"true\",reason=\"InSync\"\\}"
                + " [1-9]")
        .containsPattern(
            "ecr_operator_resources\\{kind=\"Repository\",ready=\"false\",reason=\"NotPermitted\"\\}"
                + " 1")
        .containsPattern(
            "ecr_operator_reconcile_seconds_count\\{kind=\"Repository\",outcome=\"InSync\"\\}")
        .containsPattern(
            "ecr_operator_aws_calls_total\\{account=\"111122223333\",code=\"OK\",operation=\"CreateRepository\",region=\"eu-west-1\"\\}"
                + " [1-9]")
        .contains("ecr_operator_aws_call_seconds_count{operation=\"CreateRepository\"}")
        .contains("ecr_operator_aws_wait_seconds_count{operation=\"CreateRepository\"}")
        .containsPattern(
            "ecr_operator_drift_corrected_total\\{field=\"imageTagMutability\",kind=\"Repository\"\\}"
                + " 1")
        .containsPattern("ecr_operator_leader 1")
        .containsPattern("ecr_operator_verified_age_seconds\\{kind=\"Repository\"\\}")
        .contains("jvm_memory_used_bytes", "process_uptime_seconds");
  }

  @Test
  void noSecretIsTold() {
    RepositoryObject object = scene.repository("discreet");
    Fault denied = object.faultOfAny().accessDenied().times(1);
    object.create(EditIT.EVERYTHING).awaitReason("AccessDenied");
    denied.clear();
    object.awaitInSync();

    assertThat(String.join("\n", scene.operator().output()))
        .doesNotContain(OperatorProcess.SECRET, "Authorization", "Signature=");
    assertThat(object.stored().toString()).doesNotContain(OperatorProcess.SECRET);
    assertThat(scene.get("/metrics").body()).doesNotContain(OperatorProcess.SECRET);
    assertThat(scene.cluster().client().v1().events().inAnyNamespace().list().toString())
        .contains("AccessDenied")
        .doesNotContain(OperatorProcess.SECRET);
  }

  @Test
  void onSigtermItEndsInTimeWithAHangingCallInFlight() throws InterruptedException {
    try (Scene own = Scene.withResync("24h").open()) {
      OperatorProcess operator = own.startOperator(Map.of());
      operator.awaitPort();
      RepositoryObject done = own.repository("done").create("{}");
      done.awaitInSync();
      RepositoryObject object = own.repository("hanging");
      object.faultOfAny().hang().always();
      object.create(EditIT.EVERYTHING);
      Patience.await("the call that hangs", object::calls, calls -> !calls.isEmpty());

      assertEndsInTime(operator);
      own.ecrSimulator().faults().clear();
      own.startOperator(Map.of());
      object.awaitInSync();
    }
  }

  /** Within the grace of 20 s that it promises, and what a busy machine adds. */
  private static void assertEndsInTime(OperatorProcess operator) throws InterruptedException {
    long told = System.nanoTime();
    assertThat(operator.stop()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void onSigtermAPassThatTakesTooLongIsAbandonedAndMadeByTheNextProcess()
      throws InterruptedException {
    try (Scene own = Scene.withResync("24h").open()) {
      OperatorProcess operator = own.startOperator(Map.of());
      operator.awaitPort();
      RepositoryObject object = own.repository("slow").create(EditIT.EVERYTHING);
      object.awaitInSync();
      object.forgetThePast();
      object.faultOfAny().hang().always();
      // A call for each, and each is given up after 6 s.
      object.edit(
          "{tags: {a: b}, scanning: {scanOnPush: false}, imageTagMutability: {mode: MUTABLE},"
              + " lifecyclePolicy: {rules: []}, accessPolicy: {json: ''}}");
      Patience.await("the call that hangs", object::calls, calls -> !calls.isEmpty());

      assertEndsInTime(operator);
      own.ecrSimulator().faults().clear();
      own.startOperator(Map.of());
      object.awaitInSync();
      assertThat(object.inEcr().lifecycle()).isNull();
    }
  }

  @Test
  void onSigtermWhileItStartsItEndsInOrderAndLetsTheLeaseGo() throws InterruptedException {
    try (Scene own = Scene.withResync("24h").withFaultsOfTheApiServer().open()) {
      var faults = own.apiServerFaults();
      var looking = faults.on("list", "imagereplications").hold();
      OperatorProcess operator =
          own.startOperator(
              Map.of(
                  "OPERATOR_LEADER_ELECTION", "true", "POD_NAMESPACE", own.cluster().namespace()));
      assertThat(looking.awaitArrival(Patience.LONG)).as("it looks for the CRD").isTrue();
      var reading = faults.on("list", "imagereplications").hold();
      looking.release();
      assertThat(reading.awaitArrival(Patience.LONG)).as("it reads the objects").isTrue();
      // Who has the lease and no answer yet does not know that there is one to be let go.
      own.awaitLine(line -> line.contains("leads: "));
      assertThat(leader(own)).isNotEmpty();

      int status = operator.stop();

      assertThat(status).as(operator.output().toString()).isZero();
      assertThat(operator.output()).noneMatch(line -> line.contains("is running"));
      assertThat(leader(own)).isEmpty();
    }
  }

  /** Who holds the lease; empty for nobody. */
  private static String leader(Scene scene) {
    return Optional.ofNullable(
            scene
                .cluster()
                .client()
                .leases()
                .inNamespace(scene.cluster().namespace())
                .withName("ecr-operator")
                .get())
        .map(lease -> lease.getSpec().getHolderIdentity())
        .orElse("");
  }

  @Test
  void itsLogIsJsonLineByLine() throws Exception {
    try (Scene own = Scene.withResync("24h").open()) {
      OperatorProcess operator =
          own.startOperator(Map.of("OPERATOR_LOG_FORMAT", "json", "OPERATOR_RESYNK", "1m"));
      own.repository("logged").create("{}").awaitInSync();

      assertThat(operator.stop()).isZero();
      List<String> messages = new ArrayList<>();
      for (String line : operator.output()) {
        JsonNode entry = new ObjectMapper().readTree(line);
        assertThat(entry.path("level").asText()).as(line).isIn("INFO", "WARN");
        messages.add(entry.path("message").asText());
      }
      assertThat(messages)
          .contains("Repository: Created", "Repository is InSync")
          .contains("OPERATOR_RESYNK is no setting of this version and has no effect: see --help");
    }
  }

  @Test
  void onlyTheNamespacesThatItIsToldAreWatched() {
    try (Scene own = Scene.withResync("24h", "OPERATOR_WATCH_NAMESPACES", "kube-system").open()) {
      own.startOperator(Map.of()).awaitPort();
      RepositoryObject object = own.repository("unwatched").create("{}");

      Patience.throughout(
          Duration.ofSeconds(3),
          () -> {
            assertThat(object.status().has("conditions")).isFalse();
            assertThat(own.calls()).isEmpty();
          });
    }
  }
}
