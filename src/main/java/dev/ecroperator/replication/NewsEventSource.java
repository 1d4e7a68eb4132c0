package dev.ecroperator.replication;

import dev.ecroperator.api.ImageReplication;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Has an object looked at for which a pass that another asked for had news. */
final class NewsEventSource extends AbstractEventSource<Void, ImageReplication> {

  NewsEventSource() {
    super(Void.class, "news");
  }

  void tell(ResourceID object) {
    getEventHandler().handleEvent(new Event(object));
  }

  @Override
  public Set<Void> getSecondaryResources(ImageReplication primary) {
    return Set.of();
  }
}
