package dev.ecroperator.replication.merge;

import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges what objects and people say into the one document of a registry:
 *
 * <pre>
 * document found ─► Recognition (ours, of others) ─► Admission (who gets what he desires)
 *                ─► Draft (what each says beyond others' rules) ─► Compilation (few rules) ─► document
 * </pre>
 *
 * <p>It is a function of its arguments, the order of the shares does not count, and merging its own
 * result changes nothing.
 */
public final class RegistryMerge {
  private RegistryMerge() {}

  /**
   * The document that says what all say.
   *
   * @param found the document that is in force
   * @param shares all objects of the registry, those that leave included
   * @param limits of what is written
   * @param earlier whether our rules that are found may have been written by other limits. Once
   *     they were not, rules that say the same in another grouping are of others
   */
  public static MergedDocument of(
      ReplicationDocument found, List<Share> shares, Limits limits, boolean earlier) {
    List<Share> sorted = shares.stream().sorted().toList();
    Recognition recognition = Recognition.of(found, sorted, limits, earlier);
    Admission admission = Admission.of(found, recognition, sorted, limits);
    Draft draft = admission.draft();
    Map<String, Ruling> rulings = new HashMap<>();
    for (Share share : sorted) {
      rulings.put(
          share.id(),
          new Ruling(
              Compilation.contributions(draft.says(share)),
              admission.refusals().get(share.id()),
              recognition.said(share)));
    }
    // Another place in the list is no reason to write.
    if (sorted(draft.written()).equals(sorted(recognition.ours()))) {
      return new MergedDocument(found, false, rulings);
    }
    List<Rule> rules = new ArrayList<>(recognition.foreign());
    draft.written().forEach(each -> rules.add(Rule.of(each)));
    return new MergedDocument(found.with(rules), true, rulings);
  }

  private static List<Contribution> sorted(List<Contribution> rules) {
    return rules.stream().sorted().toList();
  }
}
