package dev.ecroperator.repository;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The look at what a call was planned on, right before it is sent, where it had to wait for its
 * turn: of very many calls at once the last wait for minutes. Where that has changed meanwhile, a
 * {@link CallFailedException} keeps the call from being sent, and the next pass plans anew.
 */
record SecondLook(RepositoryRegistry registry, RepositoryTarget target) {

  /** At the owner tag, which is to be {@code expected} still. */
  void atOwner(@Nullable String expected, String operation) {
    Tags tags = registry.tags(target).orElse(null);
    if (tags == null || !Objects.equals(tags.values().get(Owner.TAG), expected)) {
      throw changed(operation, tags == null ? "is gone" : "has another tag " + Owner.TAG);
    }
  }

  /** At a document that others write into, too, where the change is of one. */
  void atSharedDocument(ObservedRepository planned, RepositoryChange change) {
    if (change.replacesSharedDocument()
        && !registry.readAgain(target, planned, change).equals(planned)) {
      throw changed(change.getClass().getSimpleName(), "says something else there");
    }
  }

  private CallFailedException changed(String operation, String how) {
    return new CallFailedException(
        new Failure(
            Failure.Kind.CHANGED,
            target.visibility().action(operation),
            "had to wait for its turn, and meanwhile " + target + " " + how + " (looking again)"));
  }
}
