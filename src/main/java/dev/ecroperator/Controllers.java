package dev.ecroperator;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.aws.AwsRegistries;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.replication.ImageReplicationReconciler;
import dev.ecroperator.repository.RepositoryReconciler;
import dev.ecroperator.telemetry.ReconcileMetrics;
import dev.ecroperator.telemetry.ReplicationMetrics;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The Java Operator SDK's part: a controller for each kind that is reconciled. */
final class Controllers {
  /** How long what is in flight may take when the process is told to stop. */
  private static final Duration GRACE = Duration.ofSeconds(18);

  private Controllers() {}

  /**
   * What the controllers of all kinds share.
   *
   * @param fence is open while this process may act
   * @param threads for the passes, as many as are asked for
   * @param blind is told why a watch has ended for good
   */
  record Surroundings(
      String ownerId,
      KubernetesClient client,
      AwsRegistries registries,
      Fence fence,
      ExecutorService threads,
      MeterRegistry metrics,
      Clock clock,
      Consumer<Throwable> blind) {}

  /** The controllers, not started yet. */
  static Operator of(OperatorConfig config, Surroundings in) {
    var operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(in.client())
                    .withCloseClientOnStop(false)
                    .withResourceCloner(new WorkingCopies(in.client().getKubernetesSerialization()))
                    .withExecutorService(in.threads())
                    .withUseSSAToPatchPrimaryResource(false)
                    .withReconciliationTerminationTimeout(GRACE)
                    .withInformerStoppedHandler(
                        (informer, e) -> {
                          if (e != null) {
                            in.blind().accept(e);
                          }
                        })
                    .checkingCRDAndValidateLocalModel(false));
    var events = new Events(in.client(), in.clock(), in.fence());
    var metrics = new ReconcileMetrics(in.metrics(), in.clock());
    var schedule = new Schedule(config.resync(), () -> ThreadLocalRandom.current().nextLong());
    if (config.reconciles(Repository.class)) {
      var repositories = objects(in, config, Repository.class);
      operator.register(
          new RepositoryReconciler(
              in.ownerId(),
              in.registries(),
              repositories,
              new ReportWriter<>(repositories, events, metrics),
              metrics,
              schedule,
              in.clock()),
          controller -> configure(controller, config));
    }
    if (config.reconciles(ImageReplication.class)) {
      var replications = objects(in, config, ImageReplication.class);
      operator.register(
          new ImageReplicationReconciler(
              in.registries(),
              replications,
              objects(in, config, Repository.class),
              new ReportWriter<>(replications, events, metrics),
              metrics,
              new ReplicationMetrics(in.metrics(), in.clock()),
              schedule,
              config.replicationLimits(),
              in.clock()),
          controller -> configure(controller, config));
    }
    return operator;
  }

  /** Only who has stood by has a cache that others have written behind. */
  private static <T extends CustomResource<?, ?>> ClusterObjects<T> objects(
      Surroundings in, OperatorConfig config, Class<T> kind) {
    return new ClusterObjects<>(
        in.client(),
        kind,
        in.fence(),
        Optional.of(config.watchNamespaces()).filter(any -> config.leaderElection()));
  }

  private static void configure(
      ControllerConfigurationOverrider<? extends CustomResource<?, ?>> controller,
      OperatorConfig config) {
    controller
        .withTriggerReconcilerOnAllEvents(true)
        .withGenerationAware(false)
        .withOnUpdateFilter(Relevance::ofUpdate)
        .withInformerListLimit(500L)
        .withReconciliationMaxInterval(config.resync().multipliedBy(2));
    if (!config.watchNamespaces().isEmpty()) {
      controller.settingNamespaces(config.watchNamespaces());
    }
  }
}
