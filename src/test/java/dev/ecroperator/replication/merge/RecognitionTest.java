package dev.ecroperator.replication.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import dev.ecroperator.replication.merge.Standing.Superseded;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Somebody else has written since a write of ours was under way: no fingerprint tells what of. */
class RecognitionTest {
  private static final Contribution API = says("eu-central-1", "api/");
  private static final Contribution WEB = says("eu-west-1", "web/");
  private static final Contribution BASE = says("us-east-1", "base/");
  private static final Contribution OTHER = says("us-west-2", "other/");
  private static final Contribution THEIRS = says("sa-east-1", "theirs/");

  @Test
  void whatOneWasToReplaceIsOursBesideTheRulesOfOneThatIsCertain() {
    Recognition recognition = recognized(List.of(THEIRS, BASE, API), said(BASE), turned(API, WEB));

    assertThat(foreign(recognition)).containsExactly(THEIRS);
    assertThat(recognition.ours()).containsExactly(BASE, API);
    assertThat(recognition.said(share(1, turned(API, WEB)))).containsExactly(API);
  }

  @Test
  void whatWasToComeIsOursWhereTheDocumentSaysIt() {
    Recognition recognition = recognized(List.of(THEIRS, API), came(API));

    assertThat(foreign(recognition)).containsExactly(THEIRS);
    assertThat(recognition.said(share(0, came(API)))).containsExactly(API);
  }

  @Test
  void ofTwoWritesOfWhichOneWasDoneTheRulesOfBothAreOurs() {
    // Neither all that was before is there, nor all that was to come.
    Recognition recognition =
        recognized(List.of(THEIRS, API, BASE), turned(API, WEB), turned(OTHER, BASE));

    assertThat(recognition.ours()).containsExactly(API, BASE);
    assertThat(foreign(recognition)).containsExactly(THEIRS);
    // The document may say either of each: what it does not say is none of it.
    assertThat(recognition.said(share(0, turned(API, WEB)))).containsExactly(API);
  }

  @Test
  void whatWasBeforeIsOursThoughSomebodyRemovedTheRestOfIt() {
    Recognition recognition = recognized(List.of(API), turned(API, WEB), turned(OTHER, BASE));

    assertThat(recognition.ours()).containsExactly(API);
    assertThat(foreign(recognition)).isEmpty();
  }

  @Test
  void whatWasToComeIsOursThoughSomebodyRemovedTheRestOfIt() {
    Recognition recognition = recognized(List.of(WEB), turned(API, WEB), turned(OTHER, BASE));

    assertThat(recognition.ours()).containsExactly(WEB);
    assertThat(foreign(recognition)).isEmpty();
  }

  @Test
  void aRuleThatSaysMoreThanWeEverDidIsOfOthers() {
    Contribution wider = says("eu-central-1", "api/", "theirs/");

    Recognition recognition = recognized(List.of(wider), turned(API, WEB));

    assertThat(foreign(recognition)).containsExactly(wider);
    assertThat(recognition.ours()).isEmpty();
  }

  @Test
  void ofEqualRulesOursIsTheLastSoThatThoseOfOthersKeepTheirOrder() {
    Recognition recognition = recognized(List.of(API, OTHER, API), said(API));

    assertThat(foreign(recognition)).containsExactly(API, OTHER);
  }

  @Test
  void rulesThatWereSplitByLowerLimitsAreTheLargestThatTellTheSame() {
    Contribution whole = says("eu-central-1", "aa", "bb", "cc");
    Contribution first = says("eu-central-1", "aa", "bb");
    Contribution last = says("eu-central-1", "cc");
    Contribution theirs = says("eu-central-1", "aa");
    Contribution alsoTheirs = says("eu-central-1", "bb");
    Recognition recognition = recognized(List.of(theirs, alsoTheirs, first, last), said(whole));

    assertThat(foreign(recognition)).containsExactly(theirs, alsoTheirs);
    assertThat(recognition.ours()).containsExactly(first, last);
  }

  private static Recognition recognized(List<Contribution> found, Standing... standings) {
    ReplicationDocument document =
        ReplicationDocument.read("{\"rules\":[]}").with(found.stream().map(Rule::of).toList());
    List<Share> shares =
        IntStream.range(0, standings.length).mapToObj(i -> share(i, standings[i])).toList();
    return Recognition.of(document, shares, Limits.DEFAULT, true);
  }

  private static Share share(int index, Standing standing) {
    return new Share("object" + index, index, standing, standing.contribution(), false, false);
  }

  private static Standing said(Contribution contribution) {
    return new Standing(List.of(contribution), null);
  }

  /** Of an object that is new. */
  private static Standing came(Contribution contribution) {
    return new Standing(
        List.of(contribution), new Superseded(List.of(), "one document", "another"));
  }

  /** Of an object that was edited. */
  private static Standing turned(Contribution before, Contribution after) {
    return new Standing(List.of(after), new Superseded(List.of(before), "one document", "another"));
  }

  private static List<Contribution> foreign(Recognition recognition) {
    return Recognition.meanings(recognition.foreign());
  }

  private static Contribution says(String region, String... filters) {
    return new Contribution(
        new TreeSet<>(Arrays.asList(filters)),
        new TreeSet<>(List.of(new Registry("111122223333", region))),
        false);
  }
}
