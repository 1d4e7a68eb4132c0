package dev.ecroperator.simulator.kube;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The requests answered so far, oldest first; a watch is there from its beginning. */
public final class RequestLog {
  private final CopyOnWriteArrayList<LoggedRequest> requests = new CopyOnWriteArrayList<>();

  RequestLog() {}

  void add(Call call, int status) {
    requests.add(
        new LoggedRequest(
            call.method(),
            call.path(),
            call.query(),
            call.resource(),
            call.subresource(),
            call.namespace(),
            call.name(),
            call.verb(),
            status,
            call.userAgent()));
  }

  /** All requests, discovery included. */
  public List<LoggedRequest> all() {
    return List.copyOf(requests);
  }

  /** The requests that asked for a change. */
  public List<LoggedRequest> writes() {
    return requests.stream().filter(LoggedRequest::isWrite).toList();
  }

  /** The requests for one resource by one verb, whatever the subresource. */
  public List<LoggedRequest> of(String verb, String resource) {
    return requests.stream()
        .filter(r -> r.verb().equals(verb) && r.resource().equals(resource))
        .toList();
  }

  /** Forgets all requests. */
  public void clear() {
    requests.clear();
  }
}
