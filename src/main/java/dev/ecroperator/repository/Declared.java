package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Reason;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest declared, recorded before it was acted on.
 *
 * @param uid the object's: a copy of it, in another cluster say, has another
 * @param generation the generation of the manifest
 * @param fields the fields of {@code status.managed} that it declared
 */
record Declared(String uid, long generation, SortedSet<String> fields) {
  private static final Pattern TEXT = Pattern.compile("([^/]*)/([0-9]{1,18}):(.*)");

  /** The annotation's value: {@code <uid>/3:scanning,tags/team}; keys of tags have no comma. */
  String text() {
    return uid + "/" + generation + ":" + String.join(",", fields);
  }

  /** Reads {@link #text} back; empty where it is none. */
  static Optional<Declared> read(@Nullable String text) {
    Matcher parts = TEXT.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    SortedSet<String> fields = new TreeSet<>(Arrays.asList(parts.group(3).split(",", -1)));
    fields.remove("");
    return Optional.of(new Declared(parts.group(1), Long.parseLong(parts.group(2)), fields));
  }

  /** Whether passes may have set, or may be setting, what the status does not tell yet. */
  boolean isUntold(RepositoryStatus status) {
    Long told = status.observedGeneration();
    return told == null
        || told < generation
        || (told == generation
            && Conditions.reason(status.conditions()).filter(Reason::transientCause).isPresent());
  }
}
