package dev.ecroperator.simulator.kube;

import dev.ecroperator.simulator.Line;
import java.util.List;
import java.util.Map;

/**
 * One request for a resource. Verbs are those of RBAC; parts that a request does not have are
 * empty. The status is 0 where the connection was closed without an answer.
 */
public record LoggedRequest(
    String method,
    String path,
    Map<String, String> query,
    String resource,
    String subresource,
    String namespace,
    String name,
    String verb,
    int status,
    String userAgent) {

  /** Whether the request asked for a change that is more than a dry run. */
  public boolean isWrite() {
    return List.of("create", "update", "patch", "delete", "deletecollection").contains(verb)
        && !query.containsKey("dryRun");
  }

  Line.Request onTheLine() {
    String what = verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource);
    return new Line.Request("kube", what, isWrite(), userAgent);
  }

  LoggedRequest answered(int code) {
    return new LoggedRequest(
        method, path, query, resource, subresource, namespace, name, verb, code, userAgent);
  }
}
