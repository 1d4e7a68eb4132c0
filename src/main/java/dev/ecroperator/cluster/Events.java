package dev.ecroperator.cluster;

import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.Excerpt;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Occurrence;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happened to an object where its owner looks: {@code kubectl describe}. */
public final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);

  /** What events.k8s.io/v1 allows for a note; for these events the API server asks for nothing. */
  private static final int MESSAGE_LIMIT = 1_024;

  private final KubernetesClient client;
  private final ApiCalls calls;
  private final Clock clock;

  /**
   * Events that {@code client} writes, at the times of {@code clock}, while {@code fence} is open.
   */
  public Events(KubernetesClient client, Clock clock, Fence fence) {
    this.client = client;
    this.calls = new ApiCalls(fence);
    this.clock = clock;
  }

  /** Writes one event. It is a courtesy: where it cannot be written, the work goes on. */
  public void tell(HasMetadata about, Occurrence occurrence) {
    String now = Times.text(clock.instant());
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(about.getMetadata().getNamespace())
            .withGenerateName(about.getMetadata().getName() + ".")
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withNamespace(about.getMetadata().getNamespace())
            .withName(about.getMetadata().getName())
            .withUid(about.getMetadata().getUid())
            .withResourceVersion(about.getMetadata().getResourceVersion())
            .endInvolvedObject()
            .withType(occurrence.warning() ? "Warning" : "Normal")
            .withReason(occurrence.reason())
            .withMessage(Excerpt.of(occurrence.message(), MESSAGE_LIMIT))
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent("ecr-operator")
            .endSource()
            .withReportingComponent("ecr-operator")
            .build();
    try {
      calls.make(client.resource(event)::create);
    } catch (KubernetesClientException e) {
      log.debug("event {} was not written: {}", occurrence.reason(), ApiRefusal.text(e));
    }
  }
}
