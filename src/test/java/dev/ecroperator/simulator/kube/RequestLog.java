package dev.ecroperator.simulator.kube;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The requests for a change so far, oldest first, whatever they were answered; no dry runs. */
public final class RequestLog {
  private final CopyOnWriteArrayList<LoggedRequest> writes = new CopyOnWriteArrayList<>();

  RequestLog() {}

  void add(Call call) {
    if (call.isWrite()) {
      writes.add(call.request());
    }
  }

  /** The requests. */
  public List<LoggedRequest> writes() {
    return List.copyOf(writes);
  }

  /** Forgets all requests. */
  public void clear() {
    writes.clear();
  }
}
