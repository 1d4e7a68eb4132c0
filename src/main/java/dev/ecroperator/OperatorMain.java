package dev.ecroperator;

import dev.ecroperator.telemetry.Logging;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: reads its settings, starts the operator, and says in one line why it cannot. */
public final class OperatorMain {
  private static final String HELP =
      """
      Usage: java -jar ecr-operator.jar [--help | --version]

      Keeps AWS ECR as the Repository and ImageReplication objects of a Kubernetes cluster declare it.

      The cluster is found by KUBECONFIG or the pod's service account; AWS by the standard variables
      of its SDK (AWS_REGION, credentials, AWS_ENDPOINT_URL, ...). The operator's own settings:

        OPERATOR_WATCH_NAMESPACES    namespaces, separated by commas       all
        OPERATOR_OWNER_ID            this installation in owner tags       uid of kube-system
        OPERATOR_HTTP_PORT           /healthz, /readyz, /metrics           8080
        OPERATOR_LEADER_ELECTION     of several replicas one acts          true in a pod
        OPERATOR_KINDS               Repository, ImageReplication          both
        OPERATOR_CONCURRENCY         AWS calls in flight per region        20
        OPERATOR_RESYNC              how often AWS is compared             5m
        OPERATOR_AUDIT_RATE          looks at single images, by account    2/s
        OPERATOR_AWS_RATES           CreateRepository=10/20,...            built-in
        OPERATOR_REPLICATION_LIMITS  of a registry's replication rules     rules=25,destinations=100,filters=100
        OPERATOR_LOG_FORMAT          json, text                            json
        OPERATOR_LOG_LEVEL           error, warn, info, debug              info

      The leader holds the Lease ecr-operator in POD_NAMESPACE.

      Exit status: 0 stopped, 1 cannot start (cluster, CRD, region) or lost the lease, 2 a setting
      cannot be read.
      """;

  private static final Logger log = LoggerFactory.getLogger(OperatorMain.class);

  private OperatorMain() {}

  /** Runs until SIGTERM. */
  public static void main(String[] args) {
    int status = run(List.of(args), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  private static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.equals(List.of("--help"))) {
      out.print(HELP);
      return 0;
    }
    if (arguments.equals(List.of("--version"))) {
      out.println("ecr-operator " + version());
      return 0;
    }
    if (!arguments.isEmpty()) {
      err.println("ecr-operator: unknown argument " + arguments.getFirst() + ": see --help");
      return 2;
    }
    OperatorConfig config;
    try {
      config = OperatorConfig.fromEnvironment();
    } catch (InvalidSettingException e) {
      err.println("ecr-operator: " + e.getMessage());
      return 2;
    }
    Logging.start(config.logFormat(), config.logLevel());
    var operator = new EcrOperator(config);
    Thread stopping = Thread.ofPlatform().unstarted(() -> stop(operator));
    Runtime.getRuntime().addShutdownHook(stopping);
    try {
      operator.start();
      return 0;
    } catch (RuntimeException | Error e) {
      return isUnderWay(stopping) ? 0 : failed(e, err);
    }
  }

  /** Says in one line why the operator could not start, and returns the exit status. */
  private static int failed(Throwable e, PrintStream err) {
    if (e instanceof CannotStartException || e instanceof InvalidSettingException) {
      err.println("ecr-operator: " + e.getMessage());
    } else {
      // Its message is not told: it may quote anything.
      log.atError().setCause(e).log("the start failed as nobody foresaw: report this line");
    }
    return e instanceof InvalidSettingException ? 2 : 1;
  }

  /** Whether the process was told to stop, perhaps while it started; else, it just ends. */
  private static boolean isUnderWay(Thread stopping) {
    try {
      Runtime.getRuntime().removeShutdownHook(stopping);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Ends the process as its operator ended: by itself, the JVM reports SIGTERM as a failure. */
  private static void stop(EcrOperator operator) {
    operator.close();
    Runtime.getRuntime().halt(operator.hasFailed() ? 1 : 0);
  }

  static String version() {
    String version = OperatorMain.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
