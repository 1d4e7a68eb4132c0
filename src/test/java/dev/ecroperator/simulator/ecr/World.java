package dev.ecroperator.simulator.ecr;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that the simulator remembers of AWS, and what tests set about it. */
final class World {
  static final String PUBLIC_REGION = "us-east-1";

  private record Key(String service, String account, String region) {}

  private final Map<Key, Registry> registries = new ConcurrentHashMap<>();
  final Set<String> unknownPrincipals = ConcurrentHashMap.newKeySet();

  /** The accounts that have the role which replication works by. */
  final Set<String> replicatingAccounts = ConcurrentHashMap.newKeySet();

  final InstantSource clock = InstantSource.system();
  final Replication replication = new Replication(this);
  volatile int repositoryQuota = 100_000;
  volatile int replicationRules = 25;
  volatile int replicationDestinations = 25;
  volatile int replicationFilters = 100;

  Registry registry(String service, String account, String region) {
    return registries.computeIfAbsent(
        new Key(service, account, region), key -> new Registry(service, account, region));
  }
}
