package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.contribution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.merge.Standing.Superseded;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRecordsTest {
  private static final Standing PENDING =
      new Standing(
          List.of(contribution("eu-central-1", "api/")), new Superseded(List.of(), "4f", "5a"));
  private static final Standing WRITTEN = new Standing(PENDING.contribution(), null);

  private @Nullable ImageReplication cached = object(10, "web/");
  private @Nullable ImageReplication stored;
  private @Nullable KubernetesClientException refusal;
  private final StatusRecords records =
      new StatusRecords(
          uid -> Optional.ofNullable(cached),
          (object, members) -> {
            if (refusal != null) {
              throw refusal;
            }
            return Optional.ofNullable(stored);
          },
          object -> object.getMetadata().getResourceVersion().equals("10"),
          e -> "code " + e.getCode());

  private static ImageReplication object(int version, String filter) {
    return new KubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ecroperator.dev/v1alpha1
            kind: ImageReplication
            metadata: {name: api, namespace: payments, uid: uid-1, generation: 1, resourceVersion: "%d"}
            spec: {}
            status:
              contribution:
              - {filters: [%s], destinations: [{accountId: "111122223333", region: eu-central-1}], replicateDeletes: false}
              superseded: []
            """
                .formatted(version, filter),
            ImageReplication.class);
  }

  private boolean record(@Nullable ImageReplication left) {
    stored = left;
    return records.record("uid-1", PENDING);
  }

  private ImageReplication newest(int planned) {
    return records.latest(new ReplicationObject(object(planned, "web/")), WRITTEN).resource();
  }

  @Test
  void aRecordOfAnotherManifestIsNotWhatWasPlannedOn() {
    ImageReplication edited = object(11, "api/");
    edited.getMetadata().setGeneration(2L);
    record(edited);

    assertThat(newest(10).getMetadata().getResourceVersion()).isEqualTo("10");
  }

  @Test
  void whatIsRecordedIsWhatThePassRecordedLast() {
    assertThat(recorded()).isEqualTo("web/");

    record(object(11, "api/"));
    assertThat(recorded()).isEqualTo("api/");

    cached = object(12, "base/");
    assertThat(recorded()).isEqualTo("base/");
    cached = null;
    assertThat(records.recorded("uid-1")).isEmpty();
  }

  private String recorded() {
    return records.recorded("uid-1").orElseThrow().contribution().getFirst().filters().first();
  }

  @Test
  void theObjectIsAsThePassItselfRecordedIt() {
    assertThat(record(object(11, "api/"))).isTrue();

    assertThat(newest(10).getMetadata().getResourceVersion()).isEqualTo("11");
  }

  @Test
  void anObjectThatIsAsNewIsLeftAsItWasPlannedOn() {
    record(object(11, "api/"));

    assertThat(newest(11).getStatus()).isEqualTo(object(11, "web/").getStatus());
  }

  @Test
  void whatALaterPassRecordedIsNotWrittenOver() {
    record(object(11, "base/"));

    assertThat(newest(10).getMetadata().getResourceVersion()).isEqualTo("10");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 413, 422, 500})
  void aRefusalMayBeOfOneObjectAlone(int code) {
    refusal = new KubernetesClientException("no", code, null);

    assertThatThrownBy(() -> record(object(11, "api/")))
        .isInstanceOf(RecordRefusedException.class)
        .hasMessageContaining("" + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 409, 429})
  void whatAnotherMomentMakesBetterIsOfNoObject(int code) {
    refusal = new KubernetesClientException("no", code, null);

    assertThatThrownBy(() -> record(object(11, "api/"))).isSameAs(refusal);
  }

  @Test
  void onlyTheApiServerKnowsThatAnObjectIsGone() {
    assertThat(record(null)).isFalse();

    cached = null;
    assertThatThrownBy(() -> record(object(11, "api/")))
        .isInstanceOf(KubernetesClientException.class);
  }
}
