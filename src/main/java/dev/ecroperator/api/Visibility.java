package dev.ecroperator.api;

/** Which of ECR's two services holds a repository. */
public enum Visibility {
  /** Amazon ECR: one registry an account and region. */
  PRIVATE("Private", "ecr"),
  /** Amazon ECR Public: one registry an account, in us-east-1 of the partition aws. */
  PUBLIC("Public", "ecr-public");

  private final String text;
  private final String service;

  Visibility(String text, String service) {
    this.text = text;
    this.service = service;
  }

  /** The value as manifests spell it. */
  public String text() {
    return text;
  }

  /** The service as IAM actions and ARNs spell it. */
  public String service() {
    return service;
  }

  /** The IAM action of one of the service's operations, such as {@code ecr:BatchGetImage}. */
  public String action(String operation) {
    return service + ":" + operation;
  }
}
