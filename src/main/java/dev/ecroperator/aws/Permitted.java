package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.json.MalformedDocumentException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Readings that a caller can do without: what we may not read, or cannot understand, is noted and
 * left out, so that it matters only where it is declared.
 */
final class Permitted {
  private Permitted() {}

  /** What was read; null, and noted in {@code unread}, where it is denied or not understood. */
  static <T> @Nullable T read(
      String field, Map<String, Failure> unread, Supplier<? extends @Nullable T> read) {
    try {
      return read.get();
    } catch (CallFailedException e) {
      if (e.kind() != Failure.Kind.DENIED) {
        throw e;
      }
      unread.put(field, e.failure());
    } catch (MalformedDocumentException e) {
      unread.put(field, notUnderstood(e));
    }
    return null;
  }

  /** What was read; a document that is not understood is a failure like any other. */
  static <T> T orFail(Supplier<T> read) {
    try {
      return read.get();
    } catch (MalformedDocumentException e) {
      throw new CallFailedException(notUnderstood(e), e);
    }
  }

  private static Failure notUnderstood(MalformedDocumentException e) {
    return new Failure(Failure.Kind.BUG, "what ECR has", "cannot be understood: " + e.getMessage());
  }
}
