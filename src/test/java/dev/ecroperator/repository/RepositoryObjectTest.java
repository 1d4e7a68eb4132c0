package dev.ecroperator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Annotations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryObjectTest {
  private static RepositoryObject object(long generation, String declared, String status) {
    RepositoryObject object = Samples.object(Map.of(Annotations.DECLARED, declared), status);
    object.resource().getMetadata().setGeneration(generation);
    return object;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // annotation | status | what is held
        "u/2:scanning,tags/a b; |                                                     |"
            + " scanning,tags/a b",
        // ECR takes any white space in the key of a tag.
        "u/2:tags/a\u2028b,tags/c;tags/d\u2029e | | tags/a\u2028b,tags/c,tags/d\u2029e",
        "u/2:scanning;          | observedGeneration: -1                              | scanning",
        "u/2:scanning;tags/x    | observedGeneration: 1, managed: [catalog/aboutText] |"
            + " catalog/aboutText,scanning,tags/x",
        // The status of that generation tells what came of it ...
        "u/2:scanning;tags/x    | observedGeneration: 2, managed: []                  | -",
        "u/2:scanning;tags/x    | observedGeneration: 3, managed: [tags/team]         | tags/team",
        // ... unless the next pass may be setting what this one could not.
        "u/2:scanning;tags/x |"
            + " observedGeneration: 2, conditions: [{type: Ready, reason: Throttled}] | scanning",
        "u/2:scanning; |"
            + " observedGeneration: 3, conditions: [{type: Ready, reason: Throttled}] | -",
        "u/2:scanning; |"
            + " observedGeneration: 2, conditions: [{type: Ready, reason: InvalidSpec}] | -",
        "u/2:;                  |                                                     | -",
        // A copy of another object knows nothing of this one.
        "v/2:scanning;          |                                                     | -",
        "scanning;              |                                                     | -",
        "''                     |                                                     | -",
      })
  void whatWasDeclaredIsHeldUntilAStatusTells(String declared, String status, String held) {
    assertThat(object(9, declared, status == null ? "" : status).managed())
        .containsExactlyElementsOf(held == null ? List.of() : List.of(held.split(",")));
  }

  private static Map<String, String> recording(
      long generation, String declared, String status, String spec) {
    return object(generation, declared, status).recording(Samples.desired(spec));
  }

  @Test
  void whatAnEditDeclaresIsRecordedOnceWithWhatIsUntold() {
    String told = "observedGeneration: 2, managed: [scanning]";
    String edited = "{scanning: {scanOnPush: true}, tags: {team: a}}";
    assertThat(recording(3, "u/1:scanning;", told, edited))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/3:scanning,tags/team;"));
    assertThat(recording(3, "u/3:scanning,tags/team;", told, edited)).isEmpty();
    assertThat(recording(4, "u/3:catalog/aboutText;tags/x", told, edited))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/4:scanning,tags/team;catalog/aboutText,tags/x"));
    assertThat(recording(3, "u/1:scanning;", told, "{scanning: {scanOnPush: false}}")).isEmpty();
  }

  @Test
  void whatAnEditReleasesIsTakenOffTheRecord() {
    String told = "observedGeneration: 2, managed: [accessPolicy.json, tags/team]";
    assertThat(recording(3, "u/2:accessPolicy.json,tags/team;", told, "{tags: {team: a}}"))
        .as("else a lost status would have another's policy removed")
        .isEqualTo(Map.of(Annotations.DECLARED, "u/3:tags/team;"));
    assertThat(recording(3, "u/2:tags/team;scanning", told, "{tags: {team: a}}"))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/3:tags/team;"));
    assertThat(recording(3, "u/2:tags/team;", told, "{tags: {team: a}}")).isEmpty();
    assertThat(recording(3, "u/2:tags/team;", told, "{tags: {team: a}, management: ObserveOnly}"))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/3:;"));
  }

  @Test
  void whatAnEditReleasesIsNotRecorded() {
    String told = "observedGeneration: 2, managed: [lifecyclePolicy]";
    assertThat(recording(3, "", told, "{tags: {team: a}}"))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/3:tags/team;"));
  }

  @Test
  void aKeyThatNoTagOfEcrHasIsNotRecordedAsSeveralThings() {
    assertThat(recording(1, "", "", "{tags: {'a,b': x, 'c;d': y, e: z}}"))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/1:tags/e;"));
  }

  private static final String HELD =
      "origin: Created, registryId: '111122223333', region: eu-west-1, name: payments/api";

  @Test
  void aRepositoryIsClaimedByItsStatusWhateverBecameOfTheAnnotation() {
    RepositoryObject edited =
        Samples.object(Map.of(Annotations.TARGET, "111122223333/eu-west-1/other"), HELD);
    assertThat(edited.claims(Samples.TARGET, Samples.OWN)).isTrue();
    assertThat(Samples.object(Map.of(), HELD).claims(Samples.TARGET, Samples.OWN)).isTrue();
    assertThat(Samples.object(Map.of(), "").claims(Samples.TARGET, Samples.OWN)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: payments/api                             | true",
        "name: payments/api, suspend: true              | true",
        "name: payments/api, registry: {region: eu-north-1} | false",
        "name: payments/api, visibility: Public         | false",
        "name: payments/api, management: ObserveOnly    | false",
        "name: other                                    | false",
      })
  void whatNoPassHasSeenYetClaimsWhatItsManifestSays(String spec, boolean expected) {
    RepositoryObject object = Samples.object(Map.of(), "");
    object.resource().setSpec(Samples.spec("{" + spec + "}"));
    assertThat(object.claims(Samples.TARGET, Samples.OWN)).isEqualTo(expected);
    object.resource().getMetadata().setDeletionTimestamp("2026-11-01T12:00:00Z");
    assertThat(object.claims(Samples.TARGET, Samples.OWN)).as("on its way out").isFalse();
  }

  @Test
  void whoCannotBeReadStillClaimsItsRepository() {
    RepositoryObject object =
        Samples.object(Map.of(Annotations.TARGET, Samples.PUBLIC_TARGET.pin()), "");
    assertThat(object.claims(Samples.PUBLIC_TARGET, Samples.OWN)).as("a private one").isFalse();
    object.resource().markUnreadable("spec.tags");
    assertThat(object.claims(Samples.PUBLIC_TARGET, Samples.OWN)).isTrue();
  }

  @Test
  void whoOnlyObservesTakesHoldOfNothing() {
    assertThat(recording(1, "", "", "{scanning: {scanOnPush: true}, management: ObserveOnly}"))
        .isEmpty();
  }

  @Test
  void whatCannotBeReadIsNotAboutToBeHeld() {
    String told = "observedGeneration: 1, managed: [tags/a]";
    String broken = "{lifecyclePolicy: {json: '{'}, tags: {a: b%s}}";
    assertThat(recording(2, "", told, broken.formatted(""))).isEmpty();
    assertThat(recording(2, "", told, broken.formatted(", c: d")))
        .isEqualTo(Map.of(Annotations.DECLARED, "u/2:tags/a,tags/c;"));
  }
}
