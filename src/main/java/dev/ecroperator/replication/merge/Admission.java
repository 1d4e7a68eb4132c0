package dev.ecroperator.replication.merge;

import dev.ecroperator.replication.merge.Draft.Grade;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much each share gets where not all fits: what stands is never evicted by what comes, and the
 * oldest come first. A share that does not fit keeps what it has, and holds no other back.
 */
final class Admission {
  private final Recognition recognition;
  private final List<Share> shares;
  private final Limits limits;
  private final int capacity;
  private final Map<String, Grade> grades = new HashMap<>();
  private final Map<String, String> refusals = new HashMap<>();

  /** How many rules of ours were written when somebody was admitted last. */
  private int written;

  private Admission(
      ReplicationDocument found, Recognition recognition, List<Share> shares, Limits limits) {
    this.recognition = recognition;
    this.shares = shares;
    this.limits = limits;
    // A registry that holds more than the limit shows that it may.
    this.capacity = Math.max(limits.rules(), found.rules().size());
  }

  /** The shares' admission; they come sorted. */
  static Admission of(
      ReplicationDocument found, Recognition recognition, List<Share> shares, Limits limits) {
    Admission admission = new Admission(found, recognition, shares, limits);
    shares.forEach(share -> admission.grades.put(share.id(), Grade.DESIRED));
    if (!admission.fits(admission.draft())) {
      admission.standFirst();
      admission.admitDesires();
    }
    return admission;
  }

  Draft draft() {
    return Draft.of(recognition, shares, grades, limits);
  }

  /** Why shares do not get what they desire, by their ids. */
  Map<String, String> refusals() {
    return refusals;
  }

  private void standFirst() {
    for (Share share : shares) {
      grades.put(share.id(), mustGo(share) || isContent(share) ? Grade.DESIRED : Grade.STANDING);
    }
    if (fits(draft())) {
      return;
    }
    // Somebody took the room, or what goes had spared rules of others.
    for (Share share : shares) {
      grades.put(share.id(), mustGo(share) ? Grade.DESIRED : Grade.NOTHING);
    }
    for (Share share : shares) {
      admit(share, Grade.STANDING);
    }
  }

  /** Again from the oldest on, until nothing moves. */
  private void admitDesires() {
    while (isMovedByAdmission()) {
      refusals.clear();
    }
  }

  /** Ends where a share gives up room that an older one waits for: no younger one is to have it. */
  private boolean isMovedByAdmission() {
    boolean moved = false;
    written = draft().written().size();
    for (Share share : shares) {
      int before = written;
      moved |= admit(share, Grade.DESIRED) || admit(share, Grade.STANDING);
      if (written < before && !refusals.isEmpty()) {
        break;
      }
    }
    return moved;
  }

  /** Whether the share got more than it had. */
  private boolean admit(Share share, Grade grade) {
    Grade before = grades.getOrDefault(share.id(), Grade.NOTHING);
    if (before.compareTo(grade) >= 0) {
      return false;
    }
    grades.put(share.id(), grade);
    Draft draft = draft();
    if (fits(draft)) {
      written = draft.written().size();
      return true;
    }
    grades.put(share.id(), before);
    if (grade == Grade.DESIRED) {
      refusals.put(share.id(), refusal(draft));
    }
    return false;
  }

  /** Whether it has what it desires: to try that for each of very many would take seconds. */
  private boolean isContent(Share share) {
    return !share.leaving()
        && Contribution.atoms(share.wanted()).equals(Contribution.atoms(recognition.said(share)));
  }

  private static boolean mustGo(Share share) {
    return share.leaving() && !share.retain();
  }

  private boolean fits(Draft draft) {
    return recognition.foreign().size() + draft.written().size() <= capacity;
  }

  private String refusal(Draft draft) {
    int others = recognition.foreign().size() + draft.retained().size();
    return "%d rules would be needed, the registry takes %d (%d of them are of others)"
        .formatted(others + draft.own().size(), limits.rules(), others);
  }
}
