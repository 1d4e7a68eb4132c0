package dev.ecroperator.replication;

import java.util.Comparator;

/** A private registry: what is replicated from, or to. */
public record Registry(String accountId, String region) implements Comparable<Registry> {
  private static final Comparator<Registry> ORDER =
      Comparator.comparing(Registry::accountId).thenComparing(Registry::region);

  @Override
  public int compareTo(Registry other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return accountId + "/" + region;
  }
}
