package dev.ecroperator.simulator.kube;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The requests answered so far, oldest first; a watch is there from its beginning. */
public final class RequestLog {
  private final CopyOnWriteArrayList<LoggedRequest> requests = new CopyOnWriteArrayList<>();

  RequestLog() {}

  void add(LoggedRequest request, int status) {
    requests.add(request.answered(status));
  }

  /** The requests that asked for a change. */
  public List<LoggedRequest> writes() {
    return requests.stream().filter(LoggedRequest::isWrite).toList();
  }

  /** Forgets all requests. */
  public void clear() {
    requests.clear();
  }
}
