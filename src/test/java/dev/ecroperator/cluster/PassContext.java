package dev.ecroperator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** What the Operator SDK tells a reconciler besides the objects: as much as ours ask for. */
public final class PassContext {
  private PassContext() {}

  /** A pass over an object that is there, or that is known to be gone. */
  @SuppressWarnings("unchecked")
  public static <T extends HasMetadata> Context<T> of(boolean gone) {
    return (Context<T>)
        Proxy.newProxyInstance(
            PassContext.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("isPrimaryResourceDeleted")) {
                return gone;
              }
              throw new AssertionError("not expected to be asked: " + method);
            });
  }

  /** What event sources are prepared with: a cache without objects. */
  @SuppressWarnings("unchecked")
  public static <T extends HasMetadata> EventSourceContext<T> ofEventSources() {
    Object cache =
        Proxy.newProxyInstance(
            PassContext.class.getClassLoader(),
            new Class<?>[] {IndexerResourceCache.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("get")) {
                return Optional.empty();
              }
              throw new AssertionError("not expected to be asked: " + method);
            });
    return new EventSourceContext<>((IndexerResourceCache<T>) cache, null, null, null);
  }
}
