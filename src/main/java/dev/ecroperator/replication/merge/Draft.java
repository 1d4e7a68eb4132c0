package dev.ecroperator.replication.merge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules that would be written if each share got so much.
 *
 * @param retained what shares that leave leave behind, as rules of others from now on
 * @param own the rules of all shares together
 * @param says what each share says, by its id: what no rule of others says already, unless it is
 *     held still
 */
record Draft(List<Contribution> retained, List<Contribution> own, Map<String, Set<Atom>> says) {

  /** How much a share gets. */
  enum Grade {
    NOTHING,
    /** What it says in the document that was found. */
    STANDING,
    /** What it desires; if it leaves: to be gone, and to have retained what it shall retain. */
    DESIRED
  }

  static Draft of(
      Recognition recognition, List<Share> shares, Map<String, Grade> grades, Limits limits) {
    List<Contribution> foreign = new ArrayList<>(Recognition.meanings(recognition.foreign()));
    List<Contribution> retained = new ArrayList<>();
    for (Share share : shares) {
      if (share.leaving() && share.retain() && grades.get(share.id()) == Grade.DESIRED) {
        Set<Atom> left = beyond(foreign, recognition.said(share));
        List<Contribution> rules = Compilation.rules(left, limits);
        retained.addAll(rules);
        foreign.addAll(rules);
      }
    }
    Map<String, Set<Atom>> says = new HashMap<>();
    Set<Atom> all = new HashSet<>();
    for (Share share : shares) {
      List<Contribution> wanted =
          switch (grades.getOrDefault(share.id(), Grade.NOTHING)) {
            case NOTHING -> List.of();
            case STANDING -> recognition.said(share);
            case DESIRED -> share.leaving() ? List.of() : share.wanted();
          };
      Set<Atom> atoms = share.isHeldStill() ? Contribution.atoms(wanted) : beyond(foreign, wanted);
      says.put(share.id(), atoms);
      all.addAll(atoms);
    }
    return new Draft(retained, Compilation.rules(all, limits), says);
  }

  Set<Atom> says(Share share) {
    return says.getOrDefault(share.id(), Set.of());
  }

  /** What the contributions say and rules of others do not. */
  static Set<Atom> beyond(List<Contribution> foreign, List<Contribution> contributions) {
    return Contribution.atoms(contributions).stream()
        .filter(atom -> foreign.stream().noneMatch(rule -> rule.covers(atom)))
        .collect(Collectors.toSet());
  }

  /** The rules that are written anew, beside those of others that stay. */
  List<Contribution> written() {
    List<Contribution> written = new ArrayList<>(retained);
    written.addAll(own);
    return written;
  }
}
