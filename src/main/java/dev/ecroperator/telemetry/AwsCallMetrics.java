package dev.ecroperator.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of calls to AWS. */
public final class AwsCallMetrics {

  /** The histograms' buckets: few, since each operation has them; a call ends after 6 s. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15)
  };

  private final MeterRegistry registry;

  /** Meters in {@code registry}. */
  public AwsCallMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Notes a call that was answered or given up.
   *
   * @param code {@code OK}, AWS's error code, or the exception's name where there was no answer
   */
  public void called(
      String account, String region, String operation, String code, Duration duration) {
    Counter.builder("ecr_operator_aws_calls")
        .description(
            "Calls to AWS by AWS's error code; OK: answered. The account is empty while it is not"
                + " known yet.")
        .tags("account", account, "region", region, "operation", operation, "code", code)
        .register(registry)
        .increment();
    record(
        "ecr_operator_aws_call_seconds",
        "How long calls to AWS took, with the SDK's own retries.",
        operation,
        duration);
  }

  /** Notes how long a call waited for its turn. */
  public void waited(String operation, Duration duration) {
    record(
        "ecr_operator_aws_wait_seconds",
        "How long calls to AWS waited before they were made: for their rate limit, and for others"
            + " in flight.",
        operation,
        duration);
  }

  private void record(String name, String description, String operation, Duration duration) {
    Timer.builder(name)
        .description(description)
        .tags("operation", operation)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(duration);
  }
}
