package dev.ecroperator.repository;

import java.util.Arrays;
import java.util.Optional;

/**
 * Whom a repository belongs to, as its ownership tag says it.
 *
 * @param ownerId the operator installation's id; never the same in two clusters at work
 * @param namespace the owning object's namespace
 * @param name the owning object's name
 */
public record Owner(String ownerId, String namespace, String name) {

  /** The key of the ownership tag. */
  public static final String TAG = "ecroperator.dev/owner";

  /** The ownership tag's value: {@code <owner id>/<namespace>/<name>}. */
  public String tagValue() {
    return ownerId + "/" + namespace + "/" + name;
  }

  /** Reads a tag's value; empty where somebody wrote something else into it. */
  static Optional<Owner> parse(String tagValue) {
    String[] parts = tagValue.split("/", -1);
    return parts.length == 3 && Arrays.stream(parts).noneMatch(String::isEmpty)
        ? Optional.of(new Owner(parts[0], parts[1], parts[2]))
        : Optional.empty();
  }
}
