package dev.ecroperator;

import static java.util.stream.Collectors.toSet;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.aws.CallRates;
import dev.ecroperator.aws.ProxySettings;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.telemetry.OneLine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** A setting that cannot be read: its message is one line for whoever set it. */
  public static final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String variable, String value, String accepted) {
      super(
          variable
              + "='"
              + withoutPassword(OneLine.of(value))
              + "' cannot be read: accepted is "
              + accepted);
    }

    InvalidSettingException(String message, Throwable cause) {
      super(OneLine.of(message), cause);
    }
  }

  /** A proxy's URL may carry one. */
  private static String withoutPassword(String line) {
    return line.replaceFirst("^(\\w+://)?.*@", "$1***@");
  }

  private static final Set<String> KINDS =
      new TreeSet<>(
          Set.of(
              HasMetadata.getKind(Repository.class), HasMetadata.getKind(ImageReplication.class)));

  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(s|m|h)");
  private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,4})/s");
  private static final Pattern OWNER_ID = Pattern.compile("[A-Za-z0-9.-]{1,36}");

  /** What Kubernetes sets in each pod of a namespace with a Service named {@code operator}. */
  private static final Pattern SERVICE_LINK = Pattern.compile("OPERATOR_(SERVICE|PORT)(_.*)?");

  /** Where the SDK's standard settings say that AWS is. */
  private static final List<String> ENDPOINTS =
      List.of(
          "AWS_ENDPOINT_URL",
          "AWS_ENDPOINT_URL_ECR",
          "AWS_ENDPOINT_URL_ECR_PUBLIC",
          "AWS_ENDPOINT_URL_STS");

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** The settings of this process. */
  public static OperatorConfig fromEnvironment() {
    return from(System.getenv());
  }

  /** Whether objects of the kind are reconciled. */
  boolean reconciles(Class<? extends HasMetadata> kind) {
    return kinds.contains(HasMetadata.getKind(kind));
  }

  /** Whether the process runs in a pod: the kubelet sets this variable in each. */
  private static boolean inPod(Map<String, String> environment) {
    return environment.containsKey("KUBERNETES_SERVICE_HOST");
  }

  /**
   * Reads settings.
   *
   * @throws InvalidSettingException at the first that cannot be read
   */
  static OperatorConfig from(Map<String, String> environment) {
    var in = new Reader(environment, new HashSet<>());
    // A client is built with any URI, and fails at each call.
    for (String endpoint : ENDPOINTS) {
      in.refuse(
          endpoint,
          "a URL as https://ecr.example.com:4566, or the variable unset",
          Reader::httpUrl);
    }
    in.refuse(
        "AWS_MAX_ATTEMPTS",
        "a number, at least 1, or the variable unset",
        text -> between(1, Integer.MAX_VALUE, text));
    return new OperatorConfig(
        in.read(
            "OPERATOR_WATCH_NAMESPACES", Set.of(), "namespaces separated by commas", Reader::names),
        in.read(
            "OPERATOR_OWNER_ID",
            Optional.empty(),
            "1 to 36 of A-Z, a-z, 0-9, '.' and '-'",
            text -> Optional.of(matching(OWNER_ID, text))),
        in.read("OPERATOR_HTTP_PORT", 8080, "a port, 0 to 65535", text -> between(0, 65_535, text)),
        in.read(
            "OPERATOR_LEADER_ELECTION", inPod(environment), "true or false", Reader::trueOrFalse),
        in.read("POD_NAMESPACE", Optional.empty(), "a namespace", Reader::name),
        in.read("POD_NAME", Optional.empty(), "the name of a pod", Optional::of),
        in.read("OPERATOR_KINDS", KINDS, String.join(", ", KINDS), Reader::kinds),
        new ProxySettings(
            in.read(
                environment.containsKey("HTTPS_PROXY") ? "HTTPS_PROXY" : "https_proxy",
                Optional.empty(),
                "a URL as http://proxy.example.com:3128",
                Reader::proxy),
            in.read(
                environment.containsKey("NO_PROXY") ? "NO_PROXY" : "no_proxy",
                Set.of(),
                "hosts separated by commas",
                Reader::hosts)),
        in.read("OPERATOR_CONCURRENCY", 20, "a number, 1 to 1000", text -> between(1, 1_000, text)),
        in.read(
            "OPERATOR_RESYNC",
            Duration.ofMinutes(5),
            "a duration as 30s, 5m or 1h, at least 1s",
            Reader::duration),
        in.read("OPERATOR_AUDIT_RATE", 2, "a rate as 2/s", Reader::perSecond),
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

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static int between(int least, int most, String text) {
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static String oneOf(String text, String... accepted) {
    if (!Arrays.asList(accepted).contains(text)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** Reads one variable after the other. */
  private record Reader(Map<String, String> environment, Set<String> known) {

    /** A variable that is empty counts as unset, as charts render optional values so. */
    <T> T read(String variable, T absent, String accepted, Function<String, T> parse) {
      known.add(variable);
      String text = environment.getOrDefault(variable, "").strip();
      if (text.isEmpty()) {
        return absent;
      }
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(variable, text, accepted);
      }
    }

    /** Refuses what the SDK could not read; for it, a variable that is empty is not unset. */
    void refuse(String variable, String accepted, Consumer<String> parse) {
      String text = environment.get(variable);
      if (text == null) {
        return;
      }
      try {
        parse.accept(text);
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(variable, text, accepted);
      }
    }

    static void httpUrl(String text) {
      URI url = URI.create(text);
      if (url.getScheme() == null || url.getHost() == null) {
        throw new IllegalArgumentException(text);
      }
      oneOf(url.getScheme(), "http", "https");
    }

    /** The operator's variables that nothing asked for: right only after all others were read. */
    Set<String> neverRead() {
      Set<String> names = new TreeSet<>();
      for (String variable : environment.keySet()) {
        if (variable.startsWith("OPERATOR_")
            && !known.contains(variable)
            && !SERVICE_LINK.matcher(variable).matches()) {
          names.add(variable);
        }
      }
      return names;
    }

    static Set<String> names(String text) {
      Set<String> names = new TreeSet<>();
      for (String name : text.split(",", -1)) {
        names.add(matching(NAMESPACE, name.strip()));
      }
      return names;
    }

    static Optional<String> name(String text) {
      return Optional.of(matching(NAMESPACE, text));
    }

    static Optional<URI> proxy(String text) {
      httpUrl(text);
      URI proxy = URI.create(text);
      if (proxy.getPort() < 1 || proxy.getPort() > 65_535) {
        throw new IllegalArgumentException(text);
      }
      return Optional.of(proxy);
    }

    static Set<String> hosts(String text) {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .filter(host -> !host.isEmpty())
          .collect(toSet());
    }

    static Set<String> kinds(String text) {
      Set<String> kinds = new TreeSet<>();
      for (String kind : text.split(",", -1)) {
        kinds.add(oneOf(kind.strip(), KINDS.toArray(String[]::new)));
      }
      return kinds;
    }

    static boolean trueOrFalse(String text) {
      return oneOf(text.toLowerCase(Locale.ROOT), "true", "false").equals("true");
    }

    static Duration duration(String text) {
      Matcher matcher = DURATION.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(text);
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }

    static int perSecond(String text) {
      Matcher matcher = RATE.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(text);
      }
      return Integer.parseInt(matcher.group(1));
    }
  }
}
