package dev.ecroperator.aws;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.replication.ReplicationRegistries;
import dev.ecroperator.replication.ReplicationRegistry;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.ImageRegistry;
import dev.ecroperator.repository.Registries;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The registries that the operator's own credentials reach: one client a region, made at its first
 * use.
 */
public final class AwsRegistries implements Registries, ReplicationRegistries, AutoCloseable {
  /** One attempt; a call that takes longer is taken for lost. */
  public static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

  /** More than AWS has. */
  private static final int REGIONS = 100;

  /** For how long looks that nobody took are saved up. */
  private static final int LOOKS_SAVED_SECONDS = 60;

  private final Region ownRegion;
  private final CallRates rates;
  private final int concurrency;
  private final int auditRate;
  private final AwsCallMetrics metrics;
  private final LongSupplier nanoTime;
  private final AwsClients clients;
  private final OwnAccountOnce ownAccount;
  private final Map<String, Turns> bounds = new ConcurrentHashMap<>();
  private final Map<RegistryKey, RepositoryRegistry> registries = new ConcurrentHashMap<>();
  private final Map<Registry, PrivateService> privateServices = new ConcurrentHashMap<>();
  private final Map<String, Bucket> looks = new ConcurrentHashMap<>();

  /** What all that is private in one account and region shares. */
  private record PrivateService(EcrClient ecr, AwsCalls calls, RepositoryInventory inventory) {}

  private record RegistryKey(Visibility visibility, String accountId, String region) {}

  /**
   * Registries by the SDK's default credentials.
   *
   * @param region the region that the operator was started with
   * @param concurrency how many calls may be in flight to one account and region
   * @param auditRate calls a second and account for what can only be read one by one
   * @param fence no call is sent while it is closed
   * @param proxy by which AWS is reached
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public AwsRegistries(
      String region,
      CallRates rates,
      int concurrency,
      int auditRate,
      Fence fence,
      ProxySettings proxy,
      AwsCallMetrics metrics,
      LongSupplier nanoTime) {
    this.ownRegion = Region.of(region);
    this.rates = rates;
    this.concurrency = concurrency;
    this.auditRate = auditRate;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.clients =
        // For all regions there are, each with as many calls as it may have in flight.
        new AwsClients(ownRegion, REGIONS * concurrency, fence, proxy, nanoTime);
    this.ownAccount = new OwnAccountOnce(this::learnOwnAccount, nanoTime);
  }

  /**
   * Makes a client, once: it reads the SDK's standard settings, those of all services, and says
   * which of them it cannot use.
   *
   * @throws RuntimeException the SDK's own, of whatever type
   */
  public void requireUsableSettings() {
    clients.make(EcrClient.builder(), ownRegion).close();
  }

  @Override
  public OwnAccount ownAccount() {
    return ownAccount.get();
  }

  private OwnAccount learnOwnAccount() {
    return new OwnAccount(learnAccountId(), ownRegion.id(), PartitionMetadata.of(ownRegion).id());
  }

  /** Asks STS; where that is blocked, the registry knows the account too. */
  private String learnAccountId() {
    CallFailedException fromSts;
    try (StsClient sts = clients.make(StsClient.builder(), ownRegion)) {
      return calls("sts", "", ownRegion)
          .read("GetCallerIdentity", sts::getCallerIdentity)
          .account();
    } catch (CallFailedException e) {
      fromSts = e;
    }
    try (EcrClient ecr = clients.make(EcrClient.builder(), ownRegion)) {
      return calls("ecr", "", ownRegion)
          .read("DescribeRegistry", () -> ecr.describeRegistry(r -> {}))
          .registryId();
    } catch (CallFailedException e) {
      // Without credentials both fail alike; else the second failure is the one to mend.
      throw e.kind() == Failure.Kind.UNAVAILABLE ? fromSts : e;
    }
  }

  @Override
  public RepositoryRegistry holding(RepositoryTarget target) {
    return registries.computeIfAbsent(
        new RegistryKey(target.visibility(), target.accountId(), target.region()), this::open);
  }

  private RepositoryRegistry open(RegistryKey key) {
    Region region = Region.of(key.region());
    return switch (key.visibility()) {
      case PRIVATE -> {
        PrivateService service = privateService(new Registry(key.accountId(), key.region()));
        yield new PrivateRegistry(
            service.ecr(), service.calls(), PartitionMetadata.of(region).id(), service.inventory());
      }
      case PUBLIC ->
          new PublicRegistry(
              clients.make(EcrPublicClient.builder(), region),
              calls(key.visibility().service(), key.accountId(), region));
    };
  }

  @Override
  public ReplicationRegistry at(Registry source) {
    return replicating(source);
  }

  @Override
  public ImageRegistry imagesAt(Registry source) {
    return replicating(source);
  }

  private ReplicatingRegistry replicating(Registry source) {
    PrivateService service = privateService(source);
    return new ReplicatingRegistry(
        source.accountId(),
        service.ecr(),
        service.calls(),
        service.inventory(),
        looks(source.accountId()));
  }

  private PrivateService privateService(Registry registry) {
    return privateServices.computeIfAbsent(
        registry,
        key -> {
          Region region = Region.of(key.region());
          EcrClient ecr = clients.make(EcrClient.builder(), region);
          AwsCalls calls = calls(Visibility.PRIVATE.service(), key.accountId(), region);
          return new PrivateService(
              ecr, calls, new RepositoryInventory(ecr, calls, key.accountId(), nanoTime));
        });
  }

  /** What may be spent, in all regions of an account, on what no list tells. */
  private Bucket looks(String account) {
    return looks.computeIfAbsent(
        account, key -> new CallRates.Rate(auditRate, LOOKS_SAVED_SECONDS * auditRate).bucket());
  }

  private AwsCalls calls(String service, String account, Region region) {
    // ECR and ECR Public of one account share the bound where they share the region.
    Turns inFlight =
        bounds.computeIfAbsent(account + "/" + region.id(), key -> new Turns(concurrency));
    return new AwsCalls(service, account, region.id(), rates, inFlight, metrics);
  }

  @Override
  public void close() {
    clients.close();
  }
}
