package dev.ecroperator.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of calls to AWS. */
public final class AwsCallMetrics {
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
    registry
        .counter(
            "ecr_operator_aws_calls",
            "account",
            account,
            "region",
            region,
            "operation",
            operation,
            "code",
            code)
        .increment();
    timer("ecr_operator_aws_call_seconds", operation).record(duration);
  }

  /** Notes how long a call waited for its turn. */
  public void waited(String operation, Duration duration) {
    timer("ecr_operator_aws_wait_seconds", operation).record(duration);
  }

  private Timer timer(String name, String operation) {
    return Timer.builder(name).tags("operation", operation).register(registry);
  }
}
