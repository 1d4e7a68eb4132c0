package dev.ecroperator.replication.merge;

import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

  /**
   * Reads a document.
   *
   * @param limits by which our rules are split
   * @param earlier whether they may be split by others yet
   */
  static Recognition of(
      ReplicationDocument found, List<Share> shares, Limits limits, boolean earlier) {
    String fingerprint = found.fingerprint();
    boolean isCertain =
        shares.stream().allMatch(share -> share.standing().saidIn(fingerprint).isPresent());
    List<Function<Standing, List<Contribution>>> guesses =
        isCertain
            ? List.of(Standing::contribution)
            : List.of(Standing::before, Standing::contribution);
    Stream<Reading> complete =
        Stream.concat(Stream.of(limits), earlier ? earlier(found, limits) : Stream.empty())
            .flatMap(
                each ->
                    guesses.stream()
                        .map(guess -> reading(found, fingerprint, shares, guess, each))
                        .filter(Reading::isComplete));
    // Of guesses, one of which may be that nothing is said, the one that explains the most.
    Optional<Reading> best =
        isCertain ? complete.findFirst() : complete.max(Comparator.comparingInt(Reading::matched));
    return best
        // Where it is certain, somebody may have removed some all the same.
        .or(
            () ->
                Optional.of(reading(found, fingerprint, shares, Standing::contribution, limits))
                    .filter(reading -> isCertain))
        .map(Reading::recognition)
        .orElseGet(() -> byAtoms(found, shares));
  }

  /**
   * By which limits the rules may have been split that are there: an operator with other ones may
   * have written them before this one began. Its largest rules are as large as these limits let
   * them be, or none was split.
   */
  private static Stream<Limits> earlier(ReplicationDocument found, Limits limits) {
    List<Contribution> rules = meanings(found.rules());
    return sizes(rules, Contribution::destinations)
        .flatMap(
            destinations ->
                sizes(rules, Contribution::filters)
                    .map(filters -> new Limits(limits.rules(), destinations, filters)));
  }

  private static Stream<Integer> sizes(
      List<Contribution> rules, Function<Contribution, Set<?>> part) {
    return rules.stream()
        .map(rule -> Math.max(1, part.apply(rule).size()))
        .distinct()
        .sorted(Comparator.reverseOrder());
  }

  /**
   * Reads what the fingerprints leave open by a guess: somebody else has written since a write was
   * under way, so that the document says all that it said before, or all that it shall say.
   */
  private static Reading reading(
      ReplicationDocument found,
      String fingerprint,
      List<Share> shares,
      Function<Standing, List<Contribution>> guess,
      Limits limits) {
    return new Reading(
        found, shares, each -> each.saidIn(fingerprint).orElseGet(() -> guess.apply(each)), limits);
  }

  /**
   * The document says neither, since somebody changed it as well. What says nothing beyond the two
   * is ours: else it would stay for ever.
   */
  private static Recognition byAtoms(ReplicationDocument found, List<Share> shares) {
    Set<Atom> all = new HashSet<>();
    shares.forEach(share -> all.addAll(either(share)));
    BitSet ours = new BitSet();
    for (int i = 0; i < found.rules().size(); i++) {
      Contribution meaning = found.rules().get(i).meaning();
      ours.set(i, meaning != null && meaning.atoms().allMatch(all::contains));
    }
    List<Contribution> own = divided(found, ours, Map.of()).ours();
    Map<String, List<Contribution>> said = new HashMap<>();
    for (Share share : shares) {
      // No more than is found: rules that say more would be looked for from here on, and these not.
      List<Atom> atoms =
          either(share).stream()
              .filter(atom -> own.stream().anyMatch(rule -> rule.covers(atom)))
              .toList();
      said.put(share.id(), Compilation.contributions(atoms));
    }
    return divided(found, ours, said);
  }

  private static Set<Atom> either(Share share) {
    Set<Atom> atoms = Contribution.atoms(share.standing().contribution());
    atoms.addAll(Contribution.atoms(share.standing().before()));
    return atoms;
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
        Function<Standing, List<Contribution>> guess,
        Limits limits) {
      Map<String, List<Contribution>> said = new HashMap<>();
      Set<Atom> atoms = new HashSet<>();
      for (Share share : shares) {
        List<Contribution> says = guess.apply(share.standing());
        said.put(share.id(), says);
        atoms.addAll(Contribution.atoms(says));
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
  }

  /** What the document that was found says of the share. */
  List<Contribution> said(Share share) {
    return said.getOrDefault(share.id(), List.of());
  }

  static List<Contribution> meanings(List<Rule> rules) {
    return rules.stream().map(Rule::meaning).filter(Objects::nonNull).toList();
  }
}
