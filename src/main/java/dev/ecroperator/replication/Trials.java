package dev.ecroperator.replication;

import dev.ecroperator.convergence.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose shares are sent together, where ECR takes or refuses the configuration as a whole: those of
 * all newcomers at first, then in halves, until it is known whose share is not accepted.
 *
 * <p>Before anybody is blamed, what stands is sent alone: ECR may have come to refuse that, such as
 * for a region that was switched off. Who only adds to it can mend nothing then, and is held back
 * until somebody who lets go of something has.
 */
final class Trials {
  private static final List<String> NOTHING_NEW = List.of();

  private final Predicate<String> letsGo;
  private final Deque<List<String>> batches = new ArrayDeque<>();
  private final Map<String, Failure> refused = new TreeMap<>();
  private final Map<String, Failure> held = new TreeMap<>();
  private WhatStands whatStands = WhatStands.UNKNOWN;
  private @Nullable Doubt doubt;

  private enum WhatStands {
    UNKNOWN,
    ACCEPTED,
    REFUSED
  }

  /** Newcomers that were refused together, or what stands with them. */
  private record Doubt(List<String> batch, Failure failure) {}

  /**
   * Trials of newcomers.
   *
   * @param letsGo whether one of them takes something away from what stands
   */
  Trials(List<String> newcomers, Predicate<String> letsGo) {
    this.letsGo = letsGo;
    batches.add(List.copyOf(newcomers));
  }

  /** Who is to be tried next, together; nobody, for what stands alone; null where it is over. */
  @Nullable List<String> next() {
    return batches.poll();
  }

  /** Whether what stands is to be sent though it is to stay as it is. */
  boolean isInDoubt() {
    return doubt != null;
  }

  /**
   * Notes that what was to be tried stands.
   *
   * @param sent whether ECR has taken a configuration, and not only had nothing to change
   */
  void accepted(boolean sent) {
    Doubt resolved = doubt;
    if (resolved != null) {
      doubt = null;
      whatStands = WhatStands.ACCEPTED;
      divide(resolved.batch(), resolved.failure());
    } else if (sent) {
      whatStands = WhatStands.ACCEPTED;
      if (!held.isEmpty()) {
        batches.add(List.copyOf(held.keySet()));
        held.clear();
      }
    }
  }

  /** Notes that ECR has refused what was to be tried. */
  void refused(List<String> batch, Failure failure) {
    if (doubt != null) {
      List<String> doubted = doubt.batch();
      doubt = null;
      whatStands = WhatStands.REFUSED;
      mend(doubted, failure);
    } else if (whatStands == WhatStands.UNKNOWN && !batch.isEmpty()) {
      doubt = new Doubt(batch, failure);
      batches.add(NOTHING_NEW);
    } else if (!batch.isEmpty()) {
      divide(batch, failure);
    }
  }

  /** Has those go first who may make what stands acceptable. */
  private void mend(List<String> newcomers, Failure failure) {
    List<String> menders = newcomers.stream().filter(letsGo).toList();
    newcomers.stream().filter(letsGo.negate()).forEach(id -> held.put(id, failure));
    if (menders.size() == newcomers.size()) {
      divide(menders, failure); // They have been tried together.
    } else if (!menders.isEmpty()) {
      batches.add(menders);
    }
  }

  private void divide(List<String> batch, Failure failure) {
    int half = batch.size() / 2;
    if (half > 0) {
      batches.addFirst(batch.subList(half, batch.size()));
      batches.addFirst(batch.subList(0, half));
    } else {
      (whatStands == WhatStands.ACCEPTED ? refused : held).put(batch.getFirst(), failure);
    }
  }

  /** Those of whom nothing is known, since the trials end before it was asked. */
  List<String> untried() {
    List<String> untried = new ArrayList<>(doubt == null ? List.of() : doubt.batch());
    batches.forEach(untried::addAll);
    return untried;
  }

  /** Whose share ECR refuses, and how. */
  Map<String, Failure> refused() {
    return refused;
  }

  /** Who is held back, since ECR refuses what stands, and how it does. */
  Map<String, Failure> held() {
    return held;
  }
}
