package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One account's repositories in one region, private or public, and its registry-wide settings. */
final class Registry {
  static final String PUBLIC_SERVICE = "ecr-public";

  private final String service;
  private final String account;
  private final String region;
  private final ConcurrentSkipListMap<String, RepositoryState> repositories =
      new ConcurrentSkipListMap<>();

  /** Each repository as it was before its last write: empty where there was none. */
  private final Map<String, Optional<RepositoryState>> before = new ConcurrentHashMap<>();

  private volatile ReplicationRules replication = ReplicationRules.NONE;
  private volatile ReplicationRules replicationBefore = ReplicationRules.NONE;
  private volatile RegistryScanning scanning = new RegistryScanning("", "");
  private final AtomicReference<@Nullable String> policy = new AtomicReference<>();

  /** How long what comes here by replication takes; null for as long as everywhere. */
  volatile @Nullable Duration arrivalsTake;

  /** The code that what comes here by replication fails with; null where it does not fail. */
  volatile @Nullable String arrivalsFail;

  /** Registry-wide scanning: repositories whose name fits the wildcard are scanned that often. */
  record RegistryScanning(String wildcard, String frequency) {
    boolean applies(String repository) {
      return !wildcard.isEmpty() && Wildcard.matches(wildcard, repository);
    }
  }

  Registry(String service, String account, String region) {
    this.service = service;
    this.account = account;
    this.region = region;
  }

  String account() {
    return account;
  }

  String region() {
    return region;
  }

  String partition() {
    return partition(region);
  }

  static String partition(String region) {
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }

  String arn(String repository) {
    return service.equals(PUBLIC_SERVICE)
        ? "arn:aws:ecr-public::" + account + ":repository/" + repository
        : "arn:" + partition() + ":ecr:" + region + ":" + account + ":repository/" + repository;
  }

  String host() {
    return account
        + ".dkr.ecr."
        + region
        + ".amazonaws.com"
        + (region.startsWith("cn-") ? ".cn" : "");
  }

  /** The default alias of a public registry: made up by AWS, here from the account. */
  String alias() {
    return "s" + Long.toString(Long.parseLong(account), 36);
  }

  String uri(String repository) {
    return (service.equals(PUBLIC_SERVICE) ? "public.ecr.aws/" + alias() : host())
        + "/"
        + repository;
  }

  /**
   * All repositories by name, those that {@code stale} names as they were before their last write.
   */
  NavigableMap<String, RepositoryState> visible(@Nullable Predicate<String> stale) {
    if (stale == null) {
      return repositories;
    }
    NavigableMap<String, RepositoryState> seen = new TreeMap<>();
    Set<String> names = new HashSet<>(repositories.keySet());
    names.addAll(before.keySet());
    for (String name : names) {
      find(name, stale).ifPresent(state -> seen.put(name, state));
    }
    return seen;
  }

  Optional<RepositoryState> find(String name, @Nullable Predicate<String> stale) {
    return stale != null && stale.test(name)
        ? before.getOrDefault(name, Optional.empty())
        : Optional.ofNullable(repositories.get(name));
  }

  /** Refuses a name that is taken, and more repositories than the quota. */
  synchronized void create(RepositoryState created, int quota) {
    if (repositories.containsKey(created.name())) {
      throw AwsError.refused(
          "RepositoryAlreadyExistsException",
          "The repository with name '%s' already exists in the registry with id '%s'"
              .formatted(created.name(), account));
    }
    if (repositories.size() >= quota) {
      throw AwsError.refused(
          "LimitExceededException",
          "The repository quota of %d was reached in the registry with id '%s'"
              .formatted(quota, account));
    }
    before.put(created.name(), Optional.empty());
    repositories.put(created.name(), created);
  }

  /** Changes a repository; the edit may throw to refuse, and then nothing changes. */
  synchronized RepositoryState update(String name, UnaryOperator<RepositoryState> edit) {
    RepositoryState old = find(name, null).orElseThrow(() -> absent(name));
    RepositoryState changed = edit.apply(old);
    before.put(name, Optional.of(old));
    repositories.put(name, changed);
    return changed;
  }

  /** Deletes a repository; the check may throw to refuse. */
  synchronized RepositoryState delete(String name, Consumer<RepositoryState> check) {
    RepositoryState old = find(name, null).orElseThrow(() -> absent(name));
    check.accept(old);
    before.put(name, Optional.of(old));
    repositories.remove(name);
    return old;
  }

  AwsError absent(String name) {
    return AwsError.absent(
        "RepositoryNotFoundException", "The repository with name '" + name + "'", account);
  }

  ReplicationRules replication() {
    return replication;
  }

  /** The configuration before it was last put. */
  ReplicationRules replicationBefore() {
    return replicationBefore;
  }

  synchronized void replicate(ReplicationRules rules) {
    replicationBefore = replication;
    replication = rules;
  }

  /** What lets other accounts replicate here, null for none. */
  @Nullable String policy() {
    return policy.get();
  }

  /** Sets or removes the policy, and gives the one before. */
  @Nullable String policy(@Nullable String text) {
    return policy.getAndSet(text);
  }

  RegistryScanning scanning() {
    return scanning;
  }

  void scan(RegistryScanning scanning) {
    this.scanning = scanning;
  }

  /** The ARN of the key that is named so; of AWS's own key for ECR where none is named. */
  String kmsArn(JsonNode key) {
    return KmsKeys.arn(key.asText("alias/aws/ecr"), partition(), region, account);
  }
}
