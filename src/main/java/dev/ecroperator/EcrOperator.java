package dev.ecroperator;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.aws.AwsRegistries;
import dev.ecroperator.aws.OwnRegion;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.replication.ImageReplicationReconciler;
import dev.ecroperator.repository.RepositoryReconciler;
import dev.ecroperator.telemetry.AwsCallMetrics;
import dev.ecroperator.telemetry.HttpEndpoints;
import dev.ecroperator.telemetry.Readiness;
import dev.ecroperator.telemetry.ReconcileMetrics;
import dev.ecroperator.telemetry.ReplicationMetrics;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wiring: one running operator, from its settings to its reconcilers. */
final class EcrOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EcrOperator.class);

  /** How long what is in flight may take when the process is told to stop. */
  private static final Duration GRACE = Duration.ofSeconds(18);

  private final Operator operator;
  private final KubernetesClient client;
  private final AwsRegistries registries;
  private final HttpEndpoints endpoints;
  private final ExecutorService reconciliations;
  private final Readiness readiness;
  private final AtomicBoolean failed;

  private EcrOperator(
      Operator operator,
      KubernetesClient client,
      AwsRegistries registries,
      HttpEndpoints endpoints,
      ExecutorService reconciliations,
      Readiness readiness,
      AtomicBoolean failed) {
    this.operator = operator;
    this.client = client;
    this.registries = registries;
    this.endpoints = endpoints;
    this.reconciliations = reconciliations;
    this.readiness = readiness;
    this.failed = failed;
  }

  /**
   * Starts an operator; it runs until it is closed.
   *
   * @throws CannotStartException where the cluster, a CRD, the region or the port is missing
   */
  static EcrOperator start(OperatorConfig config) {
    // First of all, since it may be why the rest fails.
    for (String variable : config.unknown()) {
      log.atWarn()
          .addKeyValue("setting", variable)
          .log("{} is no setting of this version and has no effect: see --help", variable);
    }
    Clock clock = Clock.systemUTC();
    String region = region();
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    bindProcessMeters(metrics);
    var readiness = new Readiness();
    HttpEndpoints endpoints = listen(config, metrics, readiness);
    KubernetesClient client = null;
    try {
      client = Cluster.connect();
      String ownerId = Cluster.ownerId(client, config);
      Cluster.require(Repository.class, client, config.watchNamespaces());
      Cluster.require(ImageReplication.class, client, config.watchNamespaces());

      var registries =
          new AwsRegistries(
              region,
              config.awsRates(),
              config.concurrency(),
              config.auditRate(),
              new AwsCallMetrics(metrics),
              clock);
      var events = new Events(client, clock);
      var reconcileMetrics = new ReconcileMetrics(metrics, clock);
      var schedule = new Schedule(config.resync(), () -> ThreadLocalRandom.current().nextLong());
      ExecutorService reconciliations = Executors.newVirtualThreadPerTaskExecutor();
      var failed = new AtomicBoolean();
      Operator operator = operator(client, reconciliations, failed);
      operator.register(
          new RepositoryReconciler(
              ownerId,
              registries,
              new ClusterObjects<>(client, Repository.class),
              events,
              reconcileMetrics,
              schedule,
              clock),
          configuration -> configure(configuration, config));
      operator.register(
          new ImageReplicationReconciler(
              registries,
              new ClusterObjects<>(client, ImageReplication.class),
              events,
              reconcileMetrics,
              new ReplicationMetrics(metrics, clock),
              schedule,
              config.replicationLimits(),
              clock),
          configuration -> configure(configuration, config));
      readiness.notReady("starting: it reads the cluster's objects");
      operator.start();
      readiness.unless(() -> Watches.down(operator.getRuntimeInfo()));
      readiness.ready("ok");
      if (config.leaderElection()) {
        log.warn("leader election is not in this version: run one replica");
      }
      log.atInfo()
          .addKeyValue("region", region)
          .addKeyValue("ownerId", ownerId)
          .addKeyValue("port", endpoints.port())
          .log("ecr-operator {} is running", OperatorMain.version());
      return new EcrOperator(
          operator, client, registries, endpoints, reconciliations, readiness, failed);
    } catch (CannotStartException | OperatorException e) {
      endpoints.close();
      if (client != null) {
        client.close();
      }
      throw e instanceof CannotStartException why
          ? why
          : new CannotStartException("the controllers cannot start: " + Cluster.firstLine(e), e);
    }
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

  private static Operator operator(
      KubernetesClient client, ExecutorService reconciliations, AtomicBoolean failed) {
    return new Operator(
        overrider ->
            overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withResourceCloner(new WorkingCopies(client.getKubernetesSerialization()))
                .withExecutorService(reconciliations)
                .withUseSSAToPatchPrimaryResource(false)
                .withReconciliationTerminationTimeout(GRACE)
                .withInformerStoppedHandler((informer, e) -> fail(e, failed))
                .checkingCRDAndValidateLocalModel(false));
  }

  /** Without its watch the operator is blind: it ends, and is started anew. */
  private static void fail(@Nullable Throwable e, AtomicBoolean failed) {
    if (e != null) {
      log.atError().setCause(e).log("a watch has ended for good, and so the process does");
      failed.set(true);
      Thread.ofPlatform().start(() -> System.exit(1));
    }
  }

  /** Whether the operator ended by itself, and not because it was told to. */
  boolean hasFailed() {
    return failed.get();
  }

  private static String region() {
    return OwnRegion.find()
        .orElseThrow(
            () ->
                new CannotStartException(
                    "no AWS region: set AWS_REGION, for example AWS_REGION=eu-west-1"));
  }

  private static HttpEndpoints listen(
      OperatorConfig config, PrometheusMeterRegistry metrics, Readiness readiness) {
    try {
      return HttpEndpoints.start(config.httpPort(), metrics, readiness);
    } catch (IOException e) {
      throw new CannotStartException(
          "port "
              + config.httpPort()
              + " cannot be listened on ("
              + e.getMessage()
              + "): set OPERATOR_HTTP_PORT to a free one",
          e);
    }
  }

  /** The registry's life is the process's, and so is that of the meters which it closes. */
  @SuppressWarnings("resource")
  private static void bindProcessMeters(PrometheusMeterRegistry metrics) {
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
        .addLabelValues(OperatorMain.version());
    Gauge.builder("ecr_operator_leader", () -> 1)
        .description("1 while this process acts.")
        .register(metrics);
  }

  /** Stops: no new pass begins, those under way end or are abandoned within the grace period. */
  @Override
  public void close() {
    readiness.notReady("stopping");
    operator.stop();
    reconciliations.shutdownNow();
    registries.close();
    client.close();
    endpoints.close();
    log.info("ecr-operator has stopped");
  }
}
