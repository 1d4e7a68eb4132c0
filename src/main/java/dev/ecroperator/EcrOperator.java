package dev.ecroperator;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.aws.AwsRegistries;
import dev.ecroperator.aws.OwnRegion;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.leadership.Leadership;
import dev.ecroperator.leadership.StandbyExecutor;
import dev.ecroperator.telemetry.AwsCallMetrics;
import dev.ecroperator.telemetry.HttpEndpoints;
import dev.ecroperator.telemetry.ProcessMetrics;
import dev.ecroperator.telemetry.Readiness;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wiring: one running operator, from its settings to its reconcilers. */
final class EcrOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EcrOperator.class);

  private final OperatorConfig config;
  private final Clock clock = Clock.systemUTC();
  private final Fence fence;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final WatchRefusals refusals = new WatchRefusals(System::nanoTime);

  /** Why it cannot see the cluster any more, once a watch has ended for good. */
  private final AtomicReference<@Nullable Throwable> blind = new AtomicReference<>();

  private volatile boolean started;

  /** What was opened, the last first: it is closed in this order. */
  private final Deque<Runnable> opened = new ConcurrentLinkedDeque<>();

  /** An operator that does not run yet. */
  EcrOperator(OperatorConfig config) {
    this.config = config;
    this.fence = config.leaderElection() ? new Fence(System::nanoTime) : Fence.withoutDeadline();
  }

  /**
   * Starts it; it runs until it is closed, which may be while it starts.
   *
   * @throws CannotStartException where the cluster, a CRD, the region or the port is missing
   * @throws InvalidSettingException where the AWS SDK cannot use a setting of its own
   */
  void start() {
    // First of all, since it may be why the rest fails.
    for (String variable : config.unknown()) {
      log.atWarn()
          .addKeyValue("setting", variable)
          .log("{} is no setting of this version and has no effect: see --help", variable);
    }
    try {
      run();
    } catch (OperatorException e) {
      List<String> refused = refusals.refused();
      closeAll();
      throw cannotStart(e, refused);
    } catch (RuntimeException | Error e) {
      // Whatever it was: what is open would keep the process up, and its health endpoint well.
      closeAll();
      throw e;
    }
  }

  private static CannotStartException cannotStart(OperatorException e, List<String> refused) {
    return new CannotStartException(
        refused.isEmpty()
            ? "the controllers cannot start: " + FirstLine.of(e)
            : "not permitted to watch "
                + String.join(", ", refused)
                + " ("
                + FirstLine.of(e)
                + "): kubectl apply -f examples/install/rbac.yaml gives the permissions",
        e);
  }

  private void run() {
    String region = region();
    AwsRegistries registries = registries(region);
    ProcessMetrics.bind(
        metrics,
        OperatorMain.version(),
        fence::isOpen,
        config.resync(),
        () -> refusals.refused().size());
    HttpEndpoints endpoints = listen();
    opened.push(endpoints::close);
    KubernetesClient client = Cluster.connect(refusals);
    opened.push(client::close);
    String ownerId = Cluster.ownerId(client, config);
    // Replications name repositories by their objects.
    Cluster.require(Repository.class, client, config.watchNamespaces());
    if (config.reconciles(ImageReplication.class)) {
      Cluster.require(ImageReplication.class, client, config.watchNamespaces());
    }
    Optional<Leadership> leadership =
        config.leaderElection()
            ? Optional.of(
                Cluster.contend(config, client, fence, clock, () -> Runtime.getRuntime().halt(1)))
            : Optional.empty();
    leadership.ifPresent(election -> opened.push(election::close));
    ExecutorService threads = threads(leadership);
    opened.push(threads::shutdownNow);

    readiness.notReady("starting: it reads the cluster's objects");
    Operator controllers =
        Controllers.of(
            config,
            new Controllers.Surroundings(
                ownerId, client, registries, fence, threads, metrics, clock, this::watchEnded));
    opened.push(controllers::stop);
    leadership.ifPresent(election -> opened.push(election::standDown));
    controllers.start();
    started = true;
    endWhereBlind();
    refusals.tell();
    readiness.unless(() -> Watches.down(controllers.getRuntimeInfo()));
    readiness.ready(() -> leadership.map(Leadership::role).orElse("ok"));
    log.atInfo()
        .addKeyValue("region", region)
        .addKeyValue("ownerId", ownerId)
        .addKeyValue("port", endpoints.port())
        .log("ecr-operator {} is running", OperatorMain.version());
  }

  private static ExecutorService threads(Optional<Leadership> leadership) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    return leadership
        .<ExecutorService>map(election -> new StandbyExecutor(threads, election))
        .orElse(threads);
  }

  private void watchEnded(Throwable because) {
    blind.compareAndSet(null, because);
    // Until then it is the start that fails, and that says why in its one line.
    if (started) {
      endWhereBlind();
    }
  }

  /** Without its watch the operator is blind: it ends, and is started anew. */
  private void endWhereBlind() {
    Throwable because = blind.get();
    if (because != null && failed.compareAndSet(false, true)) {
      log.atError().setCause(because).log("a watch has ended for good, and so the process does");
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

  private AwsRegistries registries(String region) {
    var registries =
        new AwsRegistries(
            region,
            config.awsRates(),
            config.concurrency(),
            config.auditRate(),
            fence,
            config.proxy(),
            new AwsCallMetrics(metrics),
            System::nanoTime);
    opened.push(registries::close);
    try {
      registries.requireUsableSettings();
      return registries;
    } catch (RuntimeException e) {
      throw new InvalidSettingException(
          "a standard setting of the AWS SDK (a variable AWS_..., or a profile) cannot be used: "
              + FirstLine.of(e),
          e);
    }
  }

  private HttpEndpoints listen() {
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

  /**
   * Stops: no new pass begins, those under way end or are abandoned within the grace period. Then
   * the lease is let go, so that a successor does not have to wait for it.
   */
  @Override
  public void close() {
    readiness.notReady("stopping");
    closeAll();
    log.info("ecr-operator has stopped");
  }

  private void closeAll() {
    for (Runnable next = opened.poll(); next != null; next = opened.poll()) {
      next.run();
    }
  }
}
