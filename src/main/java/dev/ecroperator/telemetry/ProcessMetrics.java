package dev.ecroperator.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The meters of the process as a whole: what runs, whether it acts, and what it takes. */
public final class ProcessMetrics {
  private ProcessMetrics() {}

  /**
   * Adds them to {@code metrics}, for as long as the process lives.
   *
   * @param acts whether this is the process that acts, of several replicas
   * @param resync how often objects are to be compared with AWS
   * @param watchesRefused how many watches are not permitted now
   */
  @SuppressWarnings("resource") // The registry's life is the process's, and so is the meters'.
  public static void bind(
      PrometheusMeterRegistry metrics,
      String version,
      BooleanSupplier acts,
      Duration resync,
      IntSupplier watchesRefused) {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmGcMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    new UptimeMetrics().bindTo(metrics);
    new FileDescriptorMetrics().bindTo(metrics);
    // Past Micrometer, which takes "_info" off a gauge's name.
    Info.builder()
        .name("ecr_operator_build_info")
        .help("Always 1; the label tells the version.")
        .labelNames("version")
        .register(metrics.getPrometheusRegistry())
        .addLabelValues(version);
    Gauge.builder("ecr_operator_leader", () -> acts.getAsBoolean() ? 1 : 0)
        .description("1 while this process acts.")
        .register(metrics);
    Gauge.builder("ecr_operator_resync_seconds", resync::toSeconds)
        .description("How often resources are to be compared with AWS.")
        .register(metrics);
    Gauge.builder("ecr_operator_watches_refused", watchesRefused::getAsInt)
        .description("Watches that are not permitted: no change is seen there.")
        .register(metrics);
  }
}
