package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.ImageReplicationSpec;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DesiredReplicationTest {
  private static final Finding WAITING = new Finding(Reason.PROGRESSING, "not there yet");

  private static DesiredReplication desired(String yaml) {
    ImageReplicationSpec spec = Serialization.unmarshal("---\n" + yaml, ImageReplicationSpec.class);
    return DesiredReplication.of(
        spec,
        SOURCE,
        name ->
            name.equals("known")
                ? new Reference.Known("payments/known")
                : new Reference.Unknown(WAITING));
  }

  @Test
  void prefixesNamesAndReferencesBecomeFilters() {
    DesiredReplication desired =
        desired(
            """
            repositories: [{prefix: base/}, {name: tools/jre}, {repositoryRef: {name: known}}]
            destinations: [{region: eu-central-1}, {region: us-east-1, accountId: "444455556666"}]
            """);

    assertThat(desired.contributions())
        .containsExactly(
            new Contribution(
                new TreeSet<>(List.of("base/", "payments/known", "tools/jre")),
                new TreeSet<>(
                    List.of(registry("eu-central-1"), new Registry("444455556666", "us-east-1"))),
                false));
    assertThat(desired.selection().prefixes()).containsExactly("base/");
    assertThat(desired.selection().names()).containsExactly("payments/known", "tools/jre");
    assertThat(desired.findings()).isEmpty();
  }

  @Test
  void aDeletionPolicyThatIsNotKnownIsToldAndRemovesNothing() {
    DesiredReplication desired = desired("{all: true, deletionPolicy: Archive}");

    assertThat(desired.retain()).isTrue();
    assertThat(desired.findings())
        .containsExactly(
            new Finding(
                Reason.INVALID_SPEC,
                "spec.deletionPolicy: 'Archive' is none of RemoveRules, Retain"));
    assertThat(desired("{deletionPolicy: RemoveRules}").retain()).isFalse();
    assertThat(desired("{deletionPolicy: Retain}").findings()).isEmpty();
  }

  @Test
  void allIsARuleWithoutFilters() {
    DesiredReplication desired =
        desired("{all: true, destinations: [{region: eu-central-1}], replicateDeletes: true}");

    assertThat(desired.contributions())
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.filters()).isEmpty();
              assertThat(c.replicateDeletes()).isTrue();
            });
  }

  /** In ECR a rule without filters is one for the whole registry. */
  @Test
  void whoWaitsForAllOfItsReferencesSaysNothing() {
    DesiredReplication desired =
        desired(
            """
            repositories: [{repositoryRef: {name: unknown}}]
            destinations: [{region: eu-central-1}]
            """);

    assertThat(desired.contributions()).isEmpty();
    assertThat(desired.findings()).containsExactly(WAITING);
  }

  @Test
  void whatIsKnownDoesNotWaitForTheRest() {
    DesiredReplication desired =
        desired(
            """
            repositories: [{repositoryRef: {name: unknown}}, {prefix: base/}]
            destinations: [{region: eu-central-1}]
            """);

    assertThat(desired.contributions().getFirst().filters()).containsExactly("base/");
    assertThat(desired.findings()).containsExactly(WAITING);
  }

  @Test
  void theSourceIsNoDestination() {
    DesiredReplication desired =
        desired("{all: true, destinations: [{region: eu-central-1}, {region: eu-west-1}]}");

    assertThat(desired.destinations()).containsExactly(registry("eu-central-1"));
    assertThat(desired.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.INVALID_SPEC);
              assertThat(f.message()).startsWith("spec.destinations[1]: ").contains("remove it");
            });
  }

  @Test
  void whereOnlyTheSourceIsDeclaredNothingIsSaid() {
    assertThat(desired("{all: true, destinations: [{region: eu-west-1}]}").contributions())
        .isEmpty();
  }

  @Test
  void aDestinationThatStandsTwiceThroughTheDefaultAccountIsTold() {
    DesiredReplication desired =
        desired(
            """
            all: true
            destinations: [{region: us-east-1}, {region: us-east-1, accountId: "111122223333"}]
            """);

    assertThat(desired.destinations()).containsExactly(registry("us-east-1"));
    assertThat(desired.findings()).extracting(Finding::reason).containsExactly(Reason.INVALID_SPEC);
  }
}
