package dev.ecroperator.simulator.kube;

/**
 * One request for a resource. Verbs are those of RBAC; parts that a request does not have are
 * empty.
 */
public record LoggedRequest(
    String verb,
    String resource,
    String subresource,
    String namespace,
    String name,
    String userAgent) {

  /** What is asked for: {@code patch repositories}, {@code update repositories/status}. */
  public String what() {
    return verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource);
  }
}
