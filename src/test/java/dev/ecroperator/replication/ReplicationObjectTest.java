package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.replication.merge.Registry;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationObjectTest {
  private static final String STANDS =
      "registryId: '111122223333', region: eu-west-1, contribution: [{filters: [api/],"
          + " destinations: [{region: us-east-1, accountId: '111122223333'}]}]";

  private static ReplicationObject object(String annotations, String status) {
    return object(annotations, "", status);
  }

  private static ReplicationObject object(String annotations, String spec, String status) {
    return new ReplicationObject(
        Serialization.unmarshal(
            """
            ---
            metadata: {annotations: {%s}}
            spec: {%s}
            status: {%s}
            """
                .formatted(annotations, spec, status),
            ImageReplication.class));
  }

  /** What is under way goes on being edited: the one condition may be of a later manifest. */
  @ParameterizedTest
  @CsvSource({"2, 2, 1", "2, 1, 0", "1, 1, 0"})
  void progressIsOfTheManifestThatSyncedIsAbout(int observed, int synced, int expected) {
    ReplicationObject object =
        object(
            "",
            "observedGeneration: %d, conditions: [{type: Synced, observedGeneration: %d}],"
                    .formatted(observed, synced)
                + " destinations: [{region: us-east-1, registryId: '111122223333', state: Synced,"
                + " images: {sampled: 1, complete: 1, inProgress: 0, failed: 0}}]");
    object.resource().getMetadata().setGeneration(2L);

    assertThat(object.progress()).hasSize(expected);
  }

  private static String told(Resolution<Registry> resolution) {
    return switch (resolution) {
      case Resolution.Resolved<Registry>(Registry source) -> source.toString();
      case Resolution.Refused<Registry> refused -> refused.finding().reason().text();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // annotation | has rules | source, where the operator has moved to eu-central-1
        "''                                                | true  | 111122223333/eu-west-1",
        "ecroperator.dev/target: 111122223333/eu-west-1    | true  | 111122223333/eu-west-1",
        "ecroperator.dev/target: 111122223333/us-east-1    | true  | ImmutableConflict",
        "ecroperator.dev/target: 111122223333/us-east-1    | false | 111122223333/us-east-1",
        "''                                                | false | 111122223333/eu-central-1",
      })
  void whereItsRulesStandItStaysThoughTheAnnotationIsLostOrEdited(
      String annotation, boolean hasRules, String expected) {
    ReplicationObject object = object(annotation, hasRules ? STANDS : "");
    assertThat(told(object.source(new OwnAccount("111122223333", "eu-central-1", "aws"))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // pin | declared source | source, where the operator has moved to eu-central-1
        "111122223333/eu-west-1 | accountId: '111122223333', region: eu-west-1 |"
            + " 111122223333/eu-west-1",
        "111122223333/eu-west-1 | region: eu-west-1                            |"
            + " 111122223333/eu-west-1",
        "111122223333/eu-west-1 | accountId: '111122223333'                    |"
            + " 111122223333/eu-west-1",
        "111122223333/eu-west-1 | accountId: '444455556666'                    | ImmutableConflict",
        "111122223333/eu-west-1 | region: eu-central-1                         | ImmutableConflict",
        "444455556666/eu-west-1 | accountId: '444455556666'                    | ImmutableConflict",
        "111122223333           | region: eu-west-1                            | ImmutableConflict",
        "''                     | region: eu-west-1                            |"
            + " 111122223333/eu-west-1",
        "''                     | accountId: '444455556666'                    | NotPermitted",
      })
  void theManifestSaysNothingAgainstThePin(String pin, String declared, String expected) {
    ReplicationObject object =
        object(
            pin.isEmpty() ? "" : "ecroperator.dev/target: " + pin,
            "source: {" + declared + "}",
            "");
    assertThat(told(object.source(new OwnAccount("111122223333", "eu-central-1", "aws"))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                | true  | 111122223333/eu-west-1",
        "ecroperator.dev/target: 111122223333/us-east-1    | true  | 111122223333/eu-west-1",
        "ecroperator.dev/target: 111122223333/us-east-1    | false | 111122223333/us-east-1",
        "''                                                | false | ''",
      })
  void itIsAMemberOfTheRegistryWhereItsRulesStand(
      String annotation, boolean hasRules, String expected) {
    ReplicationObject object = object(annotation, hasRules ? STANDS : "");
    assertThat(object.registry().map(Registry::toString).orElse("")).isEqualTo(expected);
  }
}
