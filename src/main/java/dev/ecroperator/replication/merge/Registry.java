package dev.ecroperator.replication.merge;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A private registry: what is replicated from, or to. */
public record Registry(String accountId, String region) implements Comparable<Registry> {
  private static final Comparator<Registry> ORDER =
      Comparator.comparing(Registry::accountId).thenComparing(Registry::region);

  /** Reads back what {@link #toString} gave; empty where the text has not that form. */
  public static Optional<Registry> parse(@Nullable String text) {
    String[] parts = text == null ? new String[0] : text.split("/", -1);
    return parts.length == 2 ? Optional.of(new Registry(parts[0], parts[1])) : Optional.empty();
  }

  @Override
  public int compareTo(Registry other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return accountId + "/" + region;
  }
}
