package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.ImageReplication;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationMembersTest {
  private static final String RULES =
      "registryId: '111122223333', region: eu-west-1, contribution: [{filters: [api/],"
          + " destinations: [{region: us-east-1, accountId: '111122223333'}]}]";

  private static ImageReplication object(boolean leaving, String status) {
    return Serialization.unmarshal(
        """
        ---
        metadata:
          uid: u
          name: api
          namespace: payments
          generation: 1
          creationTimestamp: "2026-11-01T12:00:00Z"
          annotations: {ecroperator.dev/target: 111122223333/eu-west-1}
          %s
        spec: {}
        status: {%s}
        """
            .formatted(leaving ? "deletionTimestamp: \"2026-11-01T12:00:01Z\"" : "", status),
        ImageReplication.class);
  }

  @ParameterizedTest
  @CsvSource({
    // held | has rules | leaves | is a member
    "true,  false, false, true",
    "true,  true,  true,  true",
    "false, false, false, false", // somebody else's annotation, before our finalizer
    "false, true,  false, true", // somebody took the finalizer away: its rules are ours all the
    // same
    "false, true,  true,  false", // released, and held by somebody else
  })
  void whatIsHeldIsAMemberAndWhatHasRulesYet(
      boolean held, boolean hasRules, boolean leaves, boolean expected) {
    var members =
        new ReplicationMembers(
            () -> Stream.of(object(leaves, hasRules ? RULES : "")),
            object -> held,
            (namespace, name) -> Optional.empty());

    assertThat(members.of(Members.SOURCE).containsKey("u")).isEqualTo(expected);
  }
}
