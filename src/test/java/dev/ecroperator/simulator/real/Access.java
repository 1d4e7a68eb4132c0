package dev.ecroperator.simulator.real;

/**
 * What a service account asked the API server for, in the words of RBAC.
 *
 * @param user such as {@code system:serviceaccount:ecr-operator:ecr-operator}
 * @param verb such as {@code list}
 * @param apiGroup empty for the core group
 * @param resource the plural, with its subresource as {@code repositories/status}
 * @param namespace empty for all, or where there is none
 * @param name empty where none is named
 * @param status the answer's HTTP status; 403 where it was not permitted
 */
public record Access(
    String user,
    String verb,
    String apiGroup,
    String resource,
    String namespace,
    String name,
    int status) {

  /** Whether it was refused for want of a permission. */
  public boolean isForbidden() {
    return status == 403;
  }

  /** Verb and resource, as {@code list repositories}. */
  public String permission() {
    return verb + " " + resource;
  }
}
