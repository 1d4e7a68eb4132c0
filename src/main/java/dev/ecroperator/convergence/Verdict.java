package dev.ecroperator.convergence;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a pass amounts to: the gravest reason, and the messages of all findings, the gravest first.
 *
 * @param trace what finds the gravest failed call again; null where none failed
 */
public record Verdict(Reason reason, String message, @Nullable Trace trace) {

  /** Longer messages are cut, far below the 32,768 characters that metav1.Condition allows. */
  static final int MESSAGE_LIMIT = 4_000;

  /** A verdict that no failed call made. */
  public Verdict(Reason reason, String message) {
    this(reason, message, null);
  }

  /** The verdict on {@code findings}, or {@code otherwise} when there are none. */
  public static Verdict on(List<Finding> findings, Verdict otherwise) {
    if (findings.isEmpty()) {
      return otherwise;
    }
    List<Finding> sorted = findings.stream().sorted(Comparator.comparing(Finding::reason)).toList();
    Reason gravest = sorted.getFirst().reason();
    String message =
        sorted.stream()
            .map(f -> f.reason() == gravest ? f.message() : f.reason().text() + ": " + f.message())
            .distinct()
            .collect(Collectors.joining("; "));
    return new Verdict(
        gravest,
        Excerpt.of(message, MESSAGE_LIMIT),
        sorted.stream().map(Finding::trace).filter(Objects::nonNull).findFirst().orElse(null));
  }
}
