package dev.ecroperator.replication;

import dev.ecroperator.replication.ReplicationDocument.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which of the rules found are ours. ECR marks none, but each object's status has recorded what was
 * written for it: rules that say exactly this are ours, and all others are of others.
 *
 * @param foreign the rules of others, in their order
 * @param ours what our rules say
 * @param said what the document says of each share, by its id
 */
record Recognition(
    List<Rule> foreign, List<Contribution> ours, Map<String, List<Contribution>> said) {

  static Recognition of(ReplicationDocument found, List<Share> shares, Limits limits) {
    if (shares.stream().noneMatch(Share::isPending)) {
      return new Reading(found, shares, Recognition::recorded, limits).recognition();
    }
    // A reading that misses rules but finds more than those that miss none: not this one, either.
    return readings(found, shares, limits).stream()
        .max(
            Comparator.comparing((Reading each) -> each.explains(shares))
                .thenComparingInt(Reading::matched)
                .thenComparing(Reading::isComplete))
        .filter(Reading::isComplete)
        .map(Reading::recognition)
        .orElseGet(() -> byAtoms(found, shares));
  }

  /**
   * A write was under way, and nobody knows whether it was done: the document says all that it said
   * before, or all that it shall say. A share that leaves may be in it or not, either way; one that
   * began to leave only after the write was recorded says in it what was recorded.
   */
  private static List<Reading> readings(
      ReplicationDocument found, List<Share> shares, Limits limits) {
    List<Function<Share, List<Contribution>>> guesses =
        List.of(
            Recognition::before,
            Recognition::recorded,
            share -> leavesUnrecorded(share) ? List.of() : before(share),
            share -> leavesUnrecorded(share) ? List.of() : recorded(share),
            share -> share.leaving() ? List.of() : before(share),
            share -> share.leaving() ? List.of() : recorded(share));
    return guesses.stream().map(guess -> new Reading(found, shares, guess, limits)).toList();
  }

  private static boolean leavesUnrecorded(Share share) {
    return share.leaving() && share.standing().superseded() == null;
  }

  private static List<Contribution> recorded(Share share) {
    return share.standing().contribution();
  }

  private static List<Contribution> before(Share share) {
    return Objects.requireNonNullElse(share.standing().superseded(), recorded(share));
  }

  /**
   * The document says neither, since somebody changed it as well. What says nothing beyond the two
   * is ours: else it would stay for ever.
   */
  private static Recognition byAtoms(ReplicationDocument found, List<Share> shares) {
    Map<String, List<Contribution>> said = new HashMap<>();
    Set<Atom> all = new HashSet<>();
    for (Share share : shares) {
      Set<Atom> atoms = Contribution.atoms(recorded(share));
      atoms.addAll(Contribution.atoms(before(share)));
      said.put(share.id(), Compilation.contributions(atoms));
      all.addAll(atoms);
    }
    BitSet ours = new BitSet();
    for (int i = 0; i < found.rules().size(); i++) {
      Contribution meaning = found.rules().get(i).meaning();
      ours.set(i, meaning != null && meaning.atoms().allMatch(all::contains));
    }
    return divided(found, ours, said);
  }

  private static Recognition divided(
      ReplicationDocument found, BitSet ours, Map<String, List<Contribution>> said) {
    List<Rule> foreign = new ArrayList<>();
    List<Contribution> own = new ArrayList<>();
    for (int i = 0; i < found.rules().size(); i++) {
      Rule rule = found.rules().get(i);
      if (ours.get(i) && rule.meaning() != null) {
        own.add(rule.meaning());
      } else {
        foreign.add(rule);
      }
    }
    return new Recognition(foreign, own, said);
  }

  /** The document, read by a guess of what it says of each share. */
  private static final class Reading {
    private final Recognition recognition;
    private final List<Contribution> missing;

    Reading(
        ReplicationDocument found,
        List<Share> shares,
        Function<Share, List<Contribution>> guess,
        Limits limits) {
      Map<String, List<Contribution>> said = new HashMap<>();
      Set<Atom> atoms = new HashSet<>();
      for (Share share : shares) {
        said.put(share.id(), guess.apply(share));
        atoms.addAll(Contribution.atoms(guess.apply(share)));
      }
      missing = Compilation.rules(atoms, limits);
      // Of rules that say the same, ours is the one that is spelled as we spell, and comes last.
      BitSet ours = new BitSet();
      match(found.rules(), ours, Rule::isSpelledAsOurs);
      match(found.rules(), ours, any -> true);
      recognition = divided(found, ours, said);
    }

    private void match(List<Rule> rules, BitSet ours, Predicate<Rule> eligible) {
      for (int i = rules.size() - 1; i >= 0; i--) {
        Rule rule = rules.get(i);
        if (!ours.get(i)
            && rule.meaning() != null
            && eligible.test(rule)
            && missing.remove(rule.meaning())) {
          ours.set(i);
        }
      }
    }

    Recognition recognition() {
      return recognition;
    }

    boolean isComplete() {
      return missing.isEmpty();
    }

    int matched() {
      return recognition.ours().size();
    }

    /**
     * Whether what was recorded for the write follows from the rules that are of others by this
     * reading. It tells a rule of ours, before the write, from a rule of somebody else that says
     * the same and made ours needless, after it.
     */
    boolean explains(List<Share> shares) {
      List<Contribution> foreign = meanings(recognition.foreign());
      return shares.stream()
          .filter(share -> share.standing().superseded() != null && !share.leaving())
          .allMatch(
              share ->
                  Compilation.contributions(Draft.beyond(foreign, share.wanted()))
                      .equals(Compilation.contributions(Contribution.atoms(recorded(share)))));
    }
  }

  /** What the document that was found says of the share. */
  List<Contribution> said(Share share) {
    return said.getOrDefault(share.id(), List.of());
  }

  static List<Contribution> meanings(List<Rule> rules) {
    return rules.stream().map(Rule::meaning).filter(Objects::nonNull).toList();
  }
}
