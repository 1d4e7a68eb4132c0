package dev.ecroperator.repository;

/** Which of ECR's two services holds a repository. */
public enum Visibility {
  /** Amazon ECR: one registry an account and region. */
  PRIVATE("Private"),
  /** Amazon ECR Public: one registry an account, in us-east-1 of the partition aws. */
  PUBLIC("Public");

  private final String text;

  Visibility(String text) {
    this.text = text;
  }

  /** The value as manifests spell it. */
  public String text() {
    return text;
  }
}
