package dev.ecroperator.repository;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A repository's resource tags.
 *
 * @param values the tags that are to be there, or are
 * @param removed the keys that are to be gone; empty in an observation
 */
public record Tags(SortedMap<String, String> values, SortedSet<String> removed) {

  /** No tags declared, or observed. */
  public static final Tags NONE = Tags.of(Map.of());

  /** How many a manifest can declare: ECR keeps 50, one of them says who owns the repository. */
  static final int MOST_DECLARED = 49;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  /** The tags that are to be there, or are. */
  public static Tags of(Map<String, String> values) {
    return new Tags(new TreeMap<>(values), new TreeSet<>());
  }

  /** What is wrong with one tag of a manifest, by TagResource's constraints; empty for nothing. */
  static Optional<String> problem(String key, @Nullable String value) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (lower.startsWith("aws:") || lower.startsWith("ecroperator.dev/")) {
      return Optional.of("the key '" + key + "' is reserved: remove it");
    }
    if (key.isEmpty() || characters(key) > LONGEST_KEY) {
      return Optional.of(
          "a key has %d characters; 1 to %d are accepted".formatted(characters(key), LONGEST_KEY));
    }
    if (value == null) {
      return Optional.of("'" + key + "' has no value: give it one, \"\" where it is to be empty");
    }
    return characters(value) <= LONGEST_VALUE
        ? Optional.empty()
        : Optional.of(
            "the value of '%s' has %d characters; at most %d are accepted"
                .formatted(key, characters(value), LONGEST_VALUE));
  }

  /** As the API server counts them. */
  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** These tags, and {@code key} with {@code value}. */
  Tags with(String key, String value) {
    SortedMap<String, String> more = new TreeMap<>(values);
    more.put(key, value);
    return new Tags(more, removed);
  }

  /** These tags, with all of {@code others} as they say. */
  Tags with(Map<String, String> others) {
    SortedMap<String, String> more = new TreeMap<>(values);
    more.putAll(others);
    return new Tags(more, removed);
  }

  /** These tags without those of {@code keys}. */
  Tags without(Collection<String> keys) {
    SortedMap<String, String> fewer = new TreeMap<>(values);
    fewer.keySet().removeAll(keys);
    return new Tags(fewer, removed);
  }

  /** The declaration that {@code keys} shall be gone, besides this one. */
  Tags removing(Collection<String> keys) {
    return new Tags(values, new TreeSet<>(keys));
  }

  /** The tags that {@code observed} lacks or has with another value. */
  SortedMap<String, String> missingIn(Tags observed) {
    SortedMap<String, String> missing = new TreeMap<>(values);
    missing.entrySet().removeIf(tag -> tag.getValue().equals(observed.values.get(tag.getKey())));
    return missing;
  }

  /** The keys that shall be gone and are still in {@code observed}. */
  SortedSet<String> leftIn(Tags observed) {
    SortedSet<String> left = new TreeSet<>(removed);
    left.retainAll(observed.values.keySet());
    return left;
  }
}
