package dev.ecroperator.policy;

/** Which of ECR's two services a repository is in: they name their IAM actions differently. */
public enum RegistryKind {
  /** Amazon ECR. */
  PRIVATE("ecr:"),
  /** Amazon ECR Public. */
  PUBLIC("ecr-public:");

  private final String actionPrefix;

  RegistryKind(String actionPrefix) {
    this.actionPrefix = actionPrefix;
  }

  /** The IAM action of an operation. */
  String action(String operation) {
    return actionPrefix + operation;
  }
}
