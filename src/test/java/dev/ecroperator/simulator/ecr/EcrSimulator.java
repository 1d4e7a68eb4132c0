package dev.ecroperator.simulator.ecr;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * AWS on loopback: ecr, ecr-public and sts on one port, for AWS's own clients with an endpoint
 * override.
 *
 * <p>The region is that of the signature. The account is the first twelve digits of the access key
 * id, else {@value Identities#DEFAULT_ACCOUNT}; what AssumeRole hands out acts in the role's
 * account. Every long-term access key has the secret {@link #SECRET_ACCESS_KEY}; signatures are
 * verified.
 */
public final class EcrSimulator implements AutoCloseable {
  /** The account of callers whose access key id starts with no account. */
  public static final String DEFAULT_ACCOUNT = Identities.DEFAULT_ACCOUNT;

  /** What callers sign with, whatever their access key id. */
  public static final String SECRET_ACCESS_KEY = Identities.SECRET_ACCESS_KEY;

  /**
   * The failure code of images that the destination's registry policy keeps out. Free-form in AWS's
   * model; people report this one.
   */
  public static final String REPLICATION_DENIED = "DESTINATION_REGISTRY_ACCESS_DENIED";

  static {
    // Without it every answer waits for a delayed acknowledgement, some 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Connections that the server closes in a client's pool look like lost answers: keep them all.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
  }

  private final World world = new World();
  private final Faults faults = new Faults();
  private final CallLog log = new CallLog();
  private final Identities identities = new Identities(world.clock);
  private final Gateway gateway;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EcrSimulator(int port) {
    gateway = new Gateway(new Services(world, identities), identities, faults, log);
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", gateway);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts an empty AWS on a free port. */
  public static EcrSimulator start() {
    return start(0);
  }

  /**
   * Starts an empty AWS on the port.
   *
   * @throws UncheckedIOException if the port is taken
   */
  public static EcrSimulator start(int port) {
    return new EcrSimulator(port);
  }

  /** The endpoint override for all three services. */
  public URI endpoint() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /** Faults to script. */
  public Faults faults() {
    return faults;
  }

  /** What was called. */
  public CallLog log() {
    return log;
  }

  /** Delays every call from now on. */
  public void latency(Duration latency) {
    gateway.latency = latency;
  }

  /**
   * From now on throttles each operation of a service, account and region that exceeds the rate;
   * buckets start full.
   */
  public void limitRate(double perSecond, int burst) {
    gateway.rateLimit.set(perSecond, burst);
  }

  /** Throttles no more. */
  public void unlimitedRate() {
    gateway.rateLimit.remove();
  }

  /**
   * From now on the caller with this access key may do what the policies allow, and nothing else.
   * Who was never given any may do everything.
   */
  public void permit(String accessKeyId, IdentityPolicy... policies) {
    identities.permit(accessKeyId, List.of(policies));
  }

  /** Credentials of the role, as an agent on the node hands them to a pod. */
  public Session assume(String roleArn) {
    return identities.assume(roleArn, "pod", Duration.ofHours(6));
  }

  /** From now on sessions last as long as that, whatever is asked for. */
  public void sessionsLast(Duration duration) {
    identities.sessionsLast = duration;
  }

  /** From now on this is the only token that AssumeRoleWithWebIdentity knows; any unless set. */
  public void webIdentityToken(String token) {
    identities.webIdentityToken = token;
  }

  /** The actions that policies had to allow, and did, so far. */
  public Set<String> usedActions() {
    return identities.usedActions();
  }

  /** How many repositories a registry may hold. AWS's default is 100,000. */
  public void repositoryQuota(int repositories) {
    world.repositoryQuota = repositories;
  }

  /** How many rules a replication configuration may have; 25 unless set, and never more. */
  public void replicationRuleQuota(int rules) {
    world.replicationRules = rules;
  }

  /** How many filters a replication rule may have; 100 unless set, and never more. */
  public void replicationFilterQuota(int filters) {
    world.replicationFilters = filters;
  }

  /** How many different destinations a replication configuration may have; 25 unless set. */
  public void replicationDestinationQuota(int destinations) {
    world.replicationDestinations = destinations;
  }

  /**
   * How long replication takes from now on, for what is under way too; 200 ms unless set. {@link
   * BackDoor#arrivalsTake} sets it for one destination.
   */
  public void replicationTakes(Duration duration) {
    world.replication.takes(duration);
  }

  /**
   * From now on policies that name this principal are refused, as one that IAM has not yet spread.
   */
  public void unknownPrincipal(String arnOrAccount) {
    world.unknownPrincipals.add(arnOrAccount);
  }

  /** Policies may name the principal again. */
  public void knownPrincipal(String arnOrAccount) {
    world.unknownPrincipals.remove(arnOrAccount);
  }

  /** The private repositories of a registry by name, as they are now. */
  public Map<String, RepositorySnapshot> repositories(String account, String region) {
    return snapshots(registry(account, region), RepositorySnapshot::of);
  }

  /** The public repositories of an account by name, as they are now. */
  public Map<String, PublicRepositorySnapshot> publicRepositories(String account) {
    return snapshots(publicRegistry(account), PublicRepositorySnapshot::of);
  }

  /** The images of a private registry by repository, as they are now, replicas included. */
  public Map<String, List<ImageSnapshot>> images(String account, String region) {
    return snapshots(
        registry(account, region),
        state -> state.images().values().stream().map(ImageSnapshot::of).toList());
  }

  /** The replication configuration of a registry, {@code {"rules":[..]}}, as it was put. */
  public String replicationConfiguration(String account, String region) {
    return registry(account, region).replication().text();
  }

  /**
   * The private repository as it is now.
   *
   * @throws NoSuchElementException if there is none
   */
  public RepositorySnapshot repository(String account, String region, String name) {
    return RepositorySnapshot.of(registry(account, region).find(name, null).orElseThrow());
  }

  /**
   * The public repository as it is now.
   *
   * @throws NoSuchElementException if there is none
   */
  public PublicRepositorySnapshot publicRepository(String account, String name) {
    return PublicRepositorySnapshot.of(publicRegistry(account).find(name, null).orElseThrow());
  }

  /** Edits of a private registry that no client made. */
  public BackDoor backDoor(String account, String region) {
    return new BackDoor(world, world.registry("ecr", account, region), false);
  }

  /** Edits of a public registry that no client made. */
  public BackDoor publicBackDoor(String account) {
    return new BackDoor(world, publicRegistry(account), true);
  }

  /** Stops at once. Calls under way, hanging ones too, lose their connection. */
  @Override
  public void close() {
    // Interrupts calls that hang, so that they end without their effect.
    threads.shutdownNow();
    server.stop(0);
    threads.close();
  }

  private Registry registry(String account, String region) {
    world.replication.settle();
    return world.registry("ecr", account, region);
  }

  private Registry publicRegistry(String account) {
    return world.registry(Registry.PUBLIC_SERVICE, account, World.PUBLIC_REGION);
  }

  private static <T> Map<String, T> snapshots(
      Registry registry, Function<RepositoryState, T> snapshot) {
    Map<String, T> snapshots = new TreeMap<>();
    registry.visible(null).forEach((name, state) -> snapshots.put(name, snapshot.apply(state)));
    return Collections.unmodifiableMap(snapshots);
  }
}
