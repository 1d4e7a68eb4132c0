package dev.ecroperator.replication.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who gets what where not all fits. No two of the rules here can be written as one. */
class AdmissionTest {
  private static final Contribution A1 = says("a1/", "us-east-1");
  private static final Contribution A2 = says("a2/", "us-east-2");
  private static final Contribution B1 = says("b1/", "us-west-1");
  private static final Contribution B2 = says("b2/", "us-west-2");
  private static final Contribution B3 = says("b3/", "sa-east-1");
  private static final Contribution C1 = says("c1/", "eu-west-1");
  private static final Contribution C2 = says("c2/", "eu-west-2");
  private static final Contribution C3 = says("c3/", "eu-west-3");
  private static final Contribution THEIRS = says("theirs/", "eu-north-1");
  private static final Contribution ALSO_THEIRS = says("theirs/", "eu-south-1");

  @Test
  void theRoomOfOneThatLeavesIsTheOldestsWhoeverOfThemIsOlderThanIt() {
    Share leaver = leaving("l", 2, false, B1);

    MergedDocument merged =
        merged(1, List.of(B1), share("old", 1, none(), A1), leaver, share("young", 3, none(), C1));

    assertThat(rules(merged)).containsExactly(A1);
    assertThat(merged.ruling("old").refusal()).isNull();
    assertThat(merged.ruling("young").refusal())
        .isEqualTo("2 rules would be needed, the registry takes 1 (0 of them are of others)");
  }

  @Test
  void whoLeavesGoesThoughWhatItHidIsMoreThanFits() {
    Contribution all = says("", "us-east-1", "us-west-1");
    Share leaver = leaving("l", 1, false, all);

    MergedDocument merged =
        merged(
            1,
            List.of(all),
            leaver,
            share("a", 2, List.of(A1), A1),
            share("b", 3, List.of(B1), B1));

    assertThat(rules(merged)).containsExactly(A1);
    assertThat(merged.ruling("l").contribution()).isEmpty();
    assertThat(merged.ruling("l").refusal()).isNull();
    assertThat(merged.ruling("b").refusal())
        .isEqualTo("2 rules would be needed, the registry takes 1 (0 of them are of others)");
  }

  @Test
  void whatIsToBeLeftBehindEvictsNobody() {
    Contribution both = says(List.of("a1/", "a2/"), "us-east-1");
    Contribution one = says("a1/", "us-east-1");
    Contribution other = says("a2/", "us-east-1");
    Share leaver = leaving("l", 1, true, other);

    MergedDocument merged = merged(1, List.of(both), leaver, share("a", 2, List.of(one), one));

    assertThat(merged.changed()).isFalse();
    assertThat(merged.ruling("a").refusal()).isNull();
    assertThat(merged.ruling("l").contribution()).containsExactly(other);
    assertThat(merged.ruling("l").refusal())
        .isEqualTo("2 rules would be needed, the registry takes 1 (1 of them are of others)");
  }

  @Test
  void whatIsToBeLeftBehindWaitsForWhatAnOlderOneDesires() {
    Contribution both = says(List.of("a1/", "a2/"), "us-east-1");
    Contribution one = says("a1/", "us-east-1");
    Contribution other = says("a2/", "us-east-1");
    Share leaver = leaving("l", 3, true, other);

    MergedDocument merged =
        merged(
            2,
            List.of(both),
            share("old", 1, none(), C1),
            share("a", 2, List.of(one), one),
            leaver);

    assertThat(rules(merged)).containsExactlyInAnyOrder(both, C1);
    assertThat(merged.ruling("old").refusal()).isNull();
    assertThat(merged.ruling("l").refusal()).startsWith("3 rules would be needed");
  }

  @Test
  void whatStoodComesBackBeforeAnOlderOneGetsWhatItDesires() {
    // Somebody has taken the room of "b".
    MergedDocument merged =
        merged(
            3,
            List.of(THEIRS, ALSO_THEIRS),
            share("new", 1, none(), C1),
            share("a", 2, List.of(A1), A1),
            share("b", 3, List.of(B1), B1));

    assertThat(rules(merged)).containsExactly(THEIRS, ALSO_THEIRS, A1);
    assertThat(merged.ruling("a").refusal()).isNull();
    assertThat(merged.ruling("b").refusal())
        .isEqualTo("4 rules would be needed, the registry takes 3 (2 of them are of others)");
    assertThat(merged.ruling("new").refusal()).isNotNull();
  }

  @Test
  void whatStoodComesBackIntoRoomThatAnotherGivesUp() {
    // Somebody has taken the room of "b", and "a" lets go of some.
    MergedDocument merged =
        merged(
            4,
            List.of(THEIRS, ALSO_THEIRS),
            share("a", 1, List.of(A1, A2), A1),
            share("b", 2, List.of(B1), B1, B2, B3));

    assertThat(rules(merged)).containsExactlyInAnyOrder(THEIRS, ALSO_THEIRS, A1, B1);
    assertThat(merged.ruling("a").refusal()).isNull();
    assertThat(merged.ruling("b").contribution()).containsExactly(B1);
    assertThat(merged.ruling("b").refusal()).startsWith("6 rules would be needed");
  }

  @Test
  void whatOneGivesUpMakesRoomForAnOlderOne() {
    MergedDocument merged = givingUp(C1, C2, C3);

    assertThat(rules(merged)).containsExactlyInAnyOrder(A1, A2, B1);
    assertThat(merged.ruling("a").refusal()).isNull();
    assertThat(merged.ruling("b").refusal()).isNull();
    assertThat(merged.ruling("c").refusal()).startsWith("6 rules would be needed");
  }

  @Test
  void andNoYoungerOneGetsItFirst() {
    MergedDocument merged = givingUp(C1);

    assertThat(rules(merged)).containsExactlyInAnyOrder(A1, A2, B1);
    assertThat(merged.ruling("a").refusal()).isNull();
    assertThat(merged.ruling("c").refusal()).startsWith("4 rules would be needed");
  }

  /** "b" gives up a rule that "a", which is older, wants, and "c", which is younger. */
  private static MergedDocument givingUp(Contribution... youngest) {
    return merged(
        3,
        List.of(A1, B1, B2),
        share("a", 1, List.of(A1), A1, A2),
        share("b", 2, List.of(B1, B2), B1),
        share("c", 3, none(), youngest));
  }

  @Test
  void whatIsLeftBehindIsNotSaidByAnotherAsWell() {
    MergedDocument merged =
        merged(25, List.of(A1), leaving("l", 1, true, A1), share("a", 2, none(), A1));

    assertThat(merged.changed()).isFalse();
    assertThat(merged.ruling("a").contribution()).isEmpty();
  }

  @Test
  void whatARuleOfOthersSaysIsNotLeftBehindBesideIt() {
    Contribution theirs = says("", "us-east-1");

    MergedDocument merged = merged(25, List.of(theirs, A1), leaving("l", 1, true, A1));

    assertThat(rules(merged)).containsExactly(theirs);
  }

  private static MergedDocument merged(int limit, List<Contribution> found, Share... shares) {
    ReplicationDocument document =
        ReplicationDocument.read(null).with(found.stream().map(Rule::of).toList());
    return RegistryMerge.of(document, List.of(shares), new Limits(limit, 100, 100), true);
  }

  private static List<Contribution> rules(MergedDocument merged) {
    return Recognition.meanings(merged.document().rules());
  }

  private static List<Contribution> none() {
    return List.of();
  }

  private static Share share(
      String id, long createdAt, List<Contribution> standing, Contribution... desired) {
    return new Share(id, createdAt, new Standing(standing, null), List.of(desired), false, false);
  }

  private static Share leaving(String id, long createdAt, boolean retain, Contribution standing) {
    List<Contribution> says = List.of(standing);
    return new Share(id, createdAt, new Standing(says, null), says, true, retain);
  }

  private static Contribution says(String filter, String... regions) {
    return says(List.of(filter), regions);
  }

  private static Contribution says(List<String> filters, String... regions) {
    return new Contribution(
        new TreeSet<>(filters),
        new TreeSet<>(
            Arrays.stream(regions).map(region -> new Registry("111122223333", region)).toList()),
        false);
  }
}
