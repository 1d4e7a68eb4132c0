package dev.ecroperator.repository;

import static java.util.stream.Collectors.joining;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Reason;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest declares, recorded before it is acted on. Fields are those of {@code
 * status.managed}.
 *
 * @param uid the object's: a copy of it, in another cluster say, has another
 * @param generation the generation of the manifest
 * @param fields what the manifest declares
 * @param leftover what earlier manifests declared, and no status has told
 */
record Declared(String uid, long generation, SortedSet<String> fields, SortedSet<String> leftover) {
  /** The key of a tag may hold any white space, line separators too. */
  private static final Pattern TEXT =
      Pattern.compile("([^/]*)/([0-9]{1,18}):([^;]*);(.*)", Pattern.DOTALL);

  /** The annotation's value: {@code <uid>/3:scanning,tags/team;lifecyclePolicy}. */
  String text() {
    return uid + "/" + generation + ":" + list(fields) + ";" + list(leftover);
  }

  /** What would not be read back as it is written is no field: ECR takes no such key of a tag. */
  private static String list(Set<String> fields) {
    return fields.stream()
        .filter(field -> !field.contains(",") && !field.contains(";"))
        .collect(joining(","));
  }

  /** Reads {@link #text} back; empty where it is none. */
  static Optional<Declared> read(@Nullable String text) {
    Matcher parts = TEXT.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Declared(
            parts.group(1),
            Long.parseLong(parts.group(2)),
            fields(parts.group(3)),
            fields(parts.group(4))));
  }

  private static SortedSet<String> fields(String list) {
    SortedSet<String> fields = new TreeSet<>(Arrays.asList(list.split(",", -1)));
    fields.remove("");
    return fields;
  }

  /** All the fields of it. */
  Set<String> named() {
    SortedSet<String> named = new TreeSet<>(fields);
    named.addAll(leftover);
    return named;
  }

  /** What passes may have set, or may be setting, and the status does not tell yet. */
  Set<String> untold(RepositoryStatus status) {
    Long told = status.observedGeneration();
    if (told == null || told < generation) {
      return named();
    }
    boolean goesOn =
        told == generation
            && Conditions.reason(status.conditions()).filter(Reason::transientCause).isPresent();
    return goesOn ? fields : Set.of();
  }
}
