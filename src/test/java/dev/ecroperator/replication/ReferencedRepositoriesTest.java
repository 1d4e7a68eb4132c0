package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferencedRepositoriesTest {
  private Optional<Repository> cached = Optional.of(new Repository());
  private boolean isBehind;
  private boolean isCaughtUp;
  private final ReferencedRepositories repositories =
      new ReferencedRepositories((namespace, name) -> cached, any -> isBehind, () -> isCaughtUp);

  private Optional<Repository> found() {
    return repositories.repository("payments", "api");
  }

  @Test
  void oneThatIsThereIsKnownWhateverElseTheCacheLacks() {
    assertThat(found()).isPresent();
  }

  @Test
  void oneThatIsOlderThanItWasIsNotJudgedBy() {
    isBehind = true;

    assertThatThrownBy(this::found).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void oneThatALaggingCacheLacksIsNotTakenForGone() {
    cached = Optional.empty();

    assertThatThrownBy(this::found).isInstanceOf(KubernetesClientException.class);
    isCaughtUp = true;
    assertThat(found()).isEmpty();
  }
}
