package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.repository.RepositoryTarget;
import java.util.Optional;
import java.util.function.Supplier;

/** ECR says that something is not there by an exception; here it becomes a value. */
final class Absence {
  private Absence() {}

  /** The failure of a list that answered without the repository that it was asked for. */
  static CallFailedException of(RepositoryTarget target) {
    return new CallFailedException(
        new Failure(
            Failure.Kind.ABSENT,
            target.visibility().action("DescribeRepositories"),
            "the answer lacks " + target + " (looking again)"));
  }

  /** What was read; empty where it, or the repository, does not exist. */
  static <T> Optional<T> asEmpty(Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (CallFailedException e) {
      if (e.kind() == Failure.Kind.ABSENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * What was read, or {@code otherwise} where the document does not exist; that the repository does
   * not exist stays a failure.
   *
   * @param code ECR's error code for the document's absence
   */
  static <T> T asDefault(String code, T otherwise, Supplier<T> read) {
    try {
      return read.get();
    } catch (CallFailedException e) {
      if (e.kind() == Failure.Kind.ABSENT && e.failure().message().startsWith(code)) {
        return otherwise;
      }
      throw e;
    }
  }

  /**
   * Removes a document; that there is none is what was wanted. That the repository does not exist
   * stays a failure.
   *
   * @param code ECR's error code for the document's absence
   */
  static void accepted(String code, Runnable removal) {
    asDefault(
        code,
        true,
        () -> {
          removal.run();
          return true;
        });
  }

  /** Removes something; that it is gone already is what was wanted. */
  static void accepted(Runnable removal) {
    try {
      removal.run();
    } catch (CallFailedException e) {
      if (e.kind() != Failure.Kind.ABSENT) {
        throw e;
      }
    }
  }
}
