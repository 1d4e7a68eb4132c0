package dev.ecroperator.simulator.proxy;

import dev.ecroperator.simulator.kube.LoggedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The watches that are open through a proxy, and whether a new one may go on from the past. */
final class Watches {
  private final List<InputStream> open = new CopyOnWriteArrayList<>();
  private final Set<String> listed = new HashSet<>();
  private boolean isPastForgotten;

  void opened(InputStream watch) {
    open.add(watch);
  }

  void ended(InputStream watch) {
    open.remove(watch);
  }

  /** Ends all that are open, without a word. */
  void drop() {
    for (InputStream watch : open) {
      try {
        watch.close();
      } catch (IOException e) {
        // It has ended already.
      }
    }
  }

  /** From now on who watches has to list anew before. */
  synchronized void forgetThePast() {
    isPastForgotten = true;
    listed.clear();
  }

  /** Whether the request asks for what followed a list that was made before the past was lost. */
  synchronized boolean isFromThePast(LoggedRequest request) {
    String what = request.resource() + " " + request.namespace();
    if (request.verb().equals("list")) {
      listed.add(what);
    }
    return isPastForgotten && request.verb().equals("watch") && !listed.contains(what);
  }
}
