package dev.ecroperator;

import io.javaoperatorsdk.operator.RuntimeInfo;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The watches by which the operator sees the cluster: without them it acts on what was. */
final class Watches {
  private Watches() {}

  /** Which of them are down, each in a few words; empty where all are well. */
  @SuppressWarnings("rawtypes") // as the SDK declares it
  static List<String> down(RuntimeInfo operator) {
    List<String> down = new ArrayList<>();
    for (var controller :
        operator.unhealthyInformerWrappingEventSourceHealthIndicator().entrySet()) {
      for (InformerWrappingEventSourceHealthIndicator<?> source : controller.getValue().values()) {
        informers(controller.getKey(), source, down);
      }
    }
    return down.stream().distinct().sorted().toList();
  }

  private static void informers(
      String controller, InformerWrappingEventSourceHealthIndicator<?> source, List<String> down) {
    for (Map.Entry<String, InformerHealthIndicator> each :
        source.informerHealthIndicators().entrySet()) {
      String problem = problem(each.getValue());
      if (!problem.isEmpty()) {
        down.add(
            "a watch of the %s %s (namespace: %s)".formatted(controller, problem, each.getKey()));
      }
    }
  }

  private static String problem(InformerHealthIndicator informer) {
    if (!informer.hasSynced()) {
      return "has not read all objects yet";
    }
    // Not isWatching(): the client takes a watch for down until its first event, and a kind without
    // objects has none.
    return informer.isRunning() ? "" : "has ended";
  }
}
