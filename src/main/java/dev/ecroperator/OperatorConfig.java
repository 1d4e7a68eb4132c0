package dev.ecroperator;

import static dev.ecroperator.SettingSyntax.between;
import static dev.ecroperator.SettingSyntax.oneOf;
import static dev.ecroperator.SettingSyntax.someOf;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.aws.CallRates;
import dev.ecroperator.aws.ProxySettings;
import dev.ecroperator.replication.merge.Limits;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The operator's own settings; those of its libraries (cluster, region, credentials, endpoints) are
 * read by the libraries, and refused here where a library would not tell, or not by name. This is
 * the only reader of the environment.
 *
 * @param watchNamespaces the namespaces to watch; empty for all
 * @param ownerId this installation's id in ownership tags; empty for the uid of kube-system
 * @param httpPort where health and metrics are served; 0 for any free port
 * @param leaderElection whether replicas elect a leader
 * @param podNamespace the namespace of this pod, for the Lease; empty outside of a pod
 * @param podName the name of this pod; empty outside of one
 * @param kinds the kinds that are reconciled
 * @param proxy the proxy to AWS; the SDK would take HTTP_PROXY's alone. The Kubernetes client reads
 *     the same variables by itself
 * @param concurrency AWS calls in flight per account and region
 * @param resync how often a resource is compared with AWS
 * @param auditRate calls a second for what can only be read one by one
 * @param awsRates how often each AWS operation may be called
 * @param replicationLimits what a registry's replication configuration may hold
 * @param logFormat {@code json} or {@code text}
 * @param logLevel {@code error}, {@code warn}, {@code info} or {@code debug}
 * @param unknown variables that look like settings of the operator and are none, such as a misspelt
 *     one: they have no effect
 */
public record OperatorConfig(
    Set<String> watchNamespaces,
    Optional<String> ownerId,
    int httpPort,
    boolean leaderElection,
    Optional<String> podNamespace,
    Optional<String> podName,
    Set<String> kinds,
    ProxySettings proxy,
    int concurrency,
    Duration resync,
    int auditRate,
    CallRates awsRates,
    Limits replicationLimits,
    String logFormat,
    String logLevel,
    Set<String> unknown) {

  private static final Set<String> KINDS =
      new TreeSet<>(
          Set.of(
              HasMetadata.getKind(Repository.class), HasMetadata.getKind(ImageReplication.class)));

  /** Where the SDK's standard settings say that AWS is. */
  private static final List<String> ENDPOINTS =
      List.of(
          "AWS_ENDPOINT_URL",
          "AWS_ENDPOINT_URL_ECR",
          "AWS_ENDPOINT_URL_ECR_PUBLIC",
          "AWS_ENDPOINT_URL_STS");

  /** The settings of this process. */
  public static OperatorConfig fromEnvironment() {
    return from(System.getenv());
  }

  /** Whether objects of the kind are reconciled. */
  boolean reconciles(Class<? extends HasMetadata> kind) {
    return kinds.contains(HasMetadata.getKind(kind));
  }

  /**
   * Reads settings.
   *
   * @throws InvalidSettingException at the first that cannot be read
   */
  static OperatorConfig from(Map<String, String> variables) {
    var in = new Environment(variables);
    // A client is built with any URI, and fails at each call.
    for (String endpoint : ENDPOINTS) {
      in.refuse(
          endpoint,
          "a URL as https://ecr.example.com:4566, or the variable unset",
          SettingSyntax::httpUrl);
    }
    in.refuse(
        "AWS_MAX_ATTEMPTS",
        "a number, at least 1, or the variable unset",
        text -> between(1, Integer.MAX_VALUE, text));
    return new OperatorConfig(
        in.read(
            "OPERATOR_WATCH_NAMESPACES",
            Set.of(),
            "namespaces separated by commas",
            SettingSyntax::names),
        in.read(
            "OPERATOR_OWNER_ID",
            Optional.empty(),
            "1 to 36 of A-Z, a-z, 0-9, '.' and '-'",
            SettingSyntax::ownerId),
        in.read("OPERATOR_HTTP_PORT", 8080, "a port, 0 to 65535", text -> between(0, 65_535, text)),
        in.read(
            "OPERATOR_LEADER_ELECTION", in.isOfPod(), "true or false", SettingSyntax::trueOrFalse),
        in.read("POD_NAMESPACE", Optional.empty(), "a namespace", SettingSyntax::name),
        in.read("POD_NAME", Optional.empty(), "the name of a pod", Optional::of),
        in.read("OPERATOR_KINDS", KINDS, String.join(", ", KINDS), text -> someOf(KINDS, text)),
        new ProxySettings(
            in.read(
                in.has("HTTPS_PROXY") ? "HTTPS_PROXY" : "https_proxy",
                Optional.empty(),
                "a URL as http://proxy.example.com:3128",
                SettingSyntax::proxy),
            in.read(
                in.has("NO_PROXY") ? "NO_PROXY" : "no_proxy",
                Set.of(),
                "hosts separated by commas",
                SettingSyntax::hosts)),
        in.read("OPERATOR_CONCURRENCY", 20, "a number, 1 to 1000", text -> between(1, 1_000, text)),
        in.read(
            "OPERATOR_RESYNC",
            Duration.ofMinutes(5),
            "a duration as 30s, 5m or 1h, at least 1s",
            SettingSyntax::duration),
        in.read("OPERATOR_AUDIT_RATE", 2, "a rate as 2/s", SettingSyntax::perSecond),
        in.read("OPERATOR_AWS_RATES", CallRates.BUILT_IN, CallRates.ACCEPTED, CallRates::parse),
        in.read("OPERATOR_REPLICATION_LIMITS", Limits.DEFAULT, Limits.ACCEPTED, Limits::parse),
        in.read("OPERATOR_LOG_FORMAT", "json", "json or text", text -> oneOf(text, "json", "text")),
        in.read(
            "OPERATOR_LOG_LEVEL",
            "info",
            "error, warn, info or debug",
            text -> oneOf(text, "error", "warn", "info", "debug")),
        in.neverRead());
  }
}
