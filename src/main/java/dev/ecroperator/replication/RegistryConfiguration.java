package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registry's replication configuration, as its one writer reads and replaces it. ECR may answer
 * once more with what a write of ours has replaced: taken for what stands, our rules of then would
 * be those of others for good. So what was replaced a moment ago counts as not read.
 */
final class RegistryConfiguration {
  /** For how long a document that our own write replaced is taken for a late answer. */
  static final Duration OUTDATED_FOR = Duration.ofSeconds(20);

  /** Failures after which a write may have been done all the same. */
  private static final Set<Failure.Kind> MAY_BE_DONE =
      EnumSet.of(Failure.Kind.AMBIGUOUS, Failure.Kind.BUG);

  private final ReplicationRegistry registry;
  private final InstantSource clock;
  private final Map<String, Instant> replacedAt = new HashMap<>();
  private final Set<Write> unanswered = new HashSet<>();
  private ReplicationDocument lastRead = ReplicationDocument.read(null);
  private @Nullable Rule altered;
  private boolean byOurLimits;

  /** Fingerprints of a document that may have replaced another. */
  private record Write(String replaced, String written) {}

  RegistryConfiguration(ReplicationRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * The document that stands.
   *
   * @throws CallFailedException also where ECR answers with one that our own write has replaced
   */
  ReplicationDocument read() {
    ReplicationDocument document = readUnlessOutdated("");
    if (altered != null && !isIn(document, altered)) {
      altered = null;
    }
    lastRead = document;
    return document;
  }

  /**
   * The document right after a write: the one that was to be replaced is replaced once more.
   *
   * @throws CallFailedException also where ECR answers with one that was replaced before
   */
  ReplicationDocument readBack(ReplicationDocument written) {
    ReplicationDocument before = lastRead;
    ReplicationDocument document = readUnlessOutdated(before.fingerprint());
    List<Contribution> meant = meanings(written);
    List<Contribution> kept = meanings(document);
    document.rules().stream()
        .filter(
            rule ->
                rule.meaning() == null
                    ? meant.contains(rule.likeness()) && count(rule, document) > count(rule, before)
                    : isWithoutDeletes(rule.meaning(), meant, kept))
        .findFirst()
        .ifPresent(rule -> altered = rule);
    lastRead = document;
    return document;
  }

  /**
   * Reads.
   *
   * @param allowed the fingerprint of one that may be answered though it was replaced
   */
  private ReplicationDocument readUnlessOutdated(String allowed) {
    ReplicationDocument document = registry.read();
    Instant now = clock.instant();
    replacedAt.values().removeIf(at -> !now.isBefore(at.plus(OUTDATED_FOR)) || at.isAfter(now));
    String fingerprint = document.fingerprint();
    if (replacedAt.containsKey(fingerprint) && !fingerprint.equals(allowed)) {
      throw outdated();
    }
    noteDone(fingerprint, now);
    return document;
  }

  /** What a write left that got no answer has been read: so what it replaced is. */
  private void noteDone(String written, Instant now) {
    for (Write write : List.copyOf(unanswered)) {
      if (write.written().equals(written)) {
        unanswered.remove(write);
        replacedAt.put(write.replaced(), now);
      }
    }
  }

  /** Whether it is what was left of a rule by an ECR that does not know replicated deletions. */
  private static boolean isWithoutDeletes(
      Contribution rule, List<Contribution> written, List<Contribution> kept) {
    var whole = new Contribution(rule.filters(), rule.destinations(), true);
    return written.contains(whole)
        && !kept.contains(whole)
        && Collections.frequency(kept, rule) > Collections.frequency(written, rule);
  }

  private static boolean isIn(ReplicationDocument document, Rule rule) {
    return rule.meaning() == null
        ? texts(document).contains(rule.text())
        : meanings(document).contains(rule.meaning());
  }

  private static List<Contribution> meanings(ReplicationDocument document) {
    return document.rules().stream().map(Rule::meaning).filter(Objects::nonNull).toList();
  }

  private static int count(Rule rule, ReplicationDocument document) {
    return Collections.frequency(texts(document), rule.text());
  }

  private static List<String> texts(ReplicationDocument document) {
    return document.rules().stream().map(Rule::text).toList();
  }

  /**
   * A rule that was written, and read back with more in it than is known here, or without the
   * replicated deletions; null for none. Such a rule cannot be told for ours: it would be written
   * again, and stand twice.
   */
  @Nullable Rule altered() {
    return altered;
  }

  private static CallFailedException outdated() {
    return new CallFailedException(
        new Failure(
            Failure.Kind.ABSENT,
            "ecr:DescribeRegistry",
            "answered with the replication configuration of before the last write: looking again"),
        new IllegalStateException("an outdated answer"));
  }

  /**
   * Whether our rules were seen to stand as this process writes them; before, they may be split by
   * limits that an earlier one had.
   */
  boolean isByOurLimits() {
    return byOurLimits;
  }

  /** Notes that they were. */
  void noteByOurLimits() {
    byOurLimits = true;
  }

  /** Replaces the document that was read last. */
  void put(ReplicationDocument document) {
    String written = document.fingerprint();
    String replaced = lastRead.fingerprint();
    var write = new Write(replaced, written);
    boolean isNew = !written.equals(replaced) && unanswered.add(write);
    try {
      registry.put(document);
    } catch (CallFailedException e) {
      if (isNew && !MAY_BE_DONE.contains(e.kind())) {
        unanswered.remove(write);
      }
      throw e;
    }
    Instant now = clock.instant();
    for (Write each : unanswered) {
      replacedAt.put(each.replaced(), now);
      replacedAt.put(each.written(), now);
    }
    unanswered.clear();
    replacedAt.remove(written);
  }
}
