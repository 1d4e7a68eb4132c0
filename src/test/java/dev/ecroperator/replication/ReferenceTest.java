package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import dev.ecroperator.convergence.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  private static final String IN_ECR =
      "name: payments/api, registryId: '111122223333', arn: 'arn:aws:ecr:x'";

  private static Repository repository(String spec, String status) {
    return Serialization.unmarshal(
        "---\nspec: {%s}\nstatus: {%s}".formatted(spec, status), Repository.class);
  }

  /** One whose status lacks what ECR has, and that is pinned to what it had there. */
  private static Repository pinned(String target, String status) {
    Repository repository = repository("", status);
    repository.getMetadata().setAnnotations(Map.of("ecroperator.dev/target", target));
    return repository;
  }

  private static Reference to(@Nullable Repository repository, String... standing) {
    return Reference.to("api", repository, SOURCE, Set.of(standing));
  }

  private static String ready(String reason, String status) {
    return "conditions: [{type: Ready, status: '%s', reason: %s}]".formatted(status, reason);
  }

  private static void assertUnknown(Reference reference, Reason reason) {
    assertThat(reference)
        .isInstanceOfSatisfying(
            Reference.Unknown.class,
            unknown -> {
              assertThat(unknown.finding().reason()).isEqualTo(reason);
              assertThat(unknown.finding().message())
                  .startsWith("spec.repositories: repositoryRef api: ");
            });
  }

  @Test
  void aReadyRepositoryIsKnownByItsNameInEcr() {
    Repository ready = repository("", IN_ECR + ", region: eu-west-1, " + ready("InSync", "True"));

    assertThat(to(ready)).isEqualTo(new Reference.Known("payments/api"));
  }

  @Test
  void oneThatIsNotThereIsWaitedFor() {
    assertUnknown(to(null), Reason.PROGRESSING);
  }

  @Test
  void oneThatIsNotInEcrYetIsWaitedFor() {
    assertUnknown(to(repository("", "name: payments/api")), Reason.PROGRESSING);
  }

  @Test
  void oneThatIsNotReadyIsWaitedFor() {
    Repository refused =
        repository("", IN_ECR + ", region: eu-west-1, " + ready("InvalidSpec", "False"));

    assertUnknown(to(refused), Reason.PROGRESSING);
  }

  @Test
  void oneThatIsInStaysInWhileItIsNotReady() {
    Repository throttled =
        repository("", IN_ECR + ", region: eu-west-1, " + ready("Throttled", "False"));

    assertThat(to(throttled, "payments/api")).isEqualTo(new Reference.Known("payments/api"));
  }

  @Test
  void onePublicIsRefused() {
    assertUnknown(to(repository("visibility: Public", IN_ECR)), Reason.INVALID_SPEC);
  }

  @Test
  void oneOfAnotherRegistryIsRefused() {
    Repository elsewhere =
        repository("", IN_ECR + ", region: us-east-1, " + ready("InSync", "True"));

    assertUnknown(to(elsewhere), Reason.INVALID_SPEC);
  }

  @Test
  void oneThatIsInStaysInWhileItsStatusIsLost() {
    Repository wiped = pinned("111122223333/eu-west-1/payments/api", "");

    assertThat(to(wiped, "payments/api")).isEqualTo(new Reference.Known("payments/api"));
  }

  @Test
  void oneThatIsPinnedAndNotInIsWaitedFor() {
    String pin = "111122223333/eu-west-1/payments/api";

    assertUnknown(to(pinned(pin, "")), Reason.PROGRESSING);
    assertUnknown(to(pinned(pin, ready("InSync", "True"))), Reason.PROGRESSING);
    assertUnknown(to(pinned("payments/api", ""), "payments/api"), Reason.PROGRESSING);
  }

  @Test
  void oneThatIsPinnedAndNoMoreTheObjectsIsWaitedFor() {
    Repository lost = pinned("111122223333/eu-west-1/payments/api", ready("Conflict", "False"));

    assertUnknown(to(lost, "payments/api"), Reason.PROGRESSING);
  }

  @Test
  void oneThatIsPinnedElsewhereIsRefused() {
    Repository elsewhere = pinned("111122223333/us-east-1/payments/api", "");

    assertUnknown(to(elsewhere, "payments/api"), Reason.INVALID_SPEC);
  }
}
