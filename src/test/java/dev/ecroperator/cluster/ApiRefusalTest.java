package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApiRefusalTest {
  @Test
  void whatIsRefusedForItsValueIsToldWithoutIt() {
    var refusal =
        new KubernetesClientException("the object", 422, ScriptedCluster.refusal(422, "Invalid"));
    assertThat(ApiRefusal.text(refusal)).isEqualTo("422 Invalid");
    assertThat(ApiRefusal.code(refusal)).isEqualTo(422);
  }

  @Test
  void whatIsNotPermittedIsToldWhole() {
    var refusal =
        new KubernetesClientException("x", 403, ScriptedCluster.refusal(403, "Forbidden"));
    assertThat(ApiRefusal.text(refusal)).isEqualTo("403 Forbidden: refused: Forbidden");
  }

  @Test
  void whatHadNoAnswerIsToldByItsCause() {
    var lost = new KubernetesClientException("the object", new IOException("connection reset"));
    assertThat(ApiRefusal.text(lost)).isEqualTo("no answer (IOException)");
    assertThat(ApiRefusal.code(lost)).isZero();
  }

  @Test
  void whatWasNotSentIsToldAsItIs() {
    var own = new KubernetesClientException("not sent: this replica does not lead");
    assertThat(ApiRefusal.text(own)).isEqualTo("not sent: this replica does not lead");
    assertThat(ApiRefusal.code(own)).isZero();
  }
}
