package dev.ecroperator.repository;

import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether an object may act on a repository that exists: decided by the repository's owner tag. */
sealed interface Ownership {

  /** The tag names this very object. */
  record Ours() implements Ownership {}

  /**
   * The repository may be taken: the tag is written first, before anything else is changed.
   *
   * @param occurrence the event that tells it: {@code Adopted} or {@code TakenOver}
   */
  record Take(String occurrence) implements Ownership {}

  /** The repository is somebody else's: nothing is changed. */
  record Refused(Finding finding) implements Ownership {}

  /**
   * Reads the tag.
   *
   * @param tag the ownership tag's value; null where the repository has none
   * @param claims whether another object of this installation still claims the repository
   */
  static Ownership of(
      @Nullable String tag, Owner us, DesiredRepository desired, Predicate<Owner> claims) {
    if (us.tagValue().equals(tag)) {
      return new Ours();
    }
    if (tag == null) {
      return adoptable(desired, "it has no owner");
    }
    Owner other = Owner.parse(tag).orElse(null);
    if (other == null || !other.ownerId().equals(us.ownerId())) {
      return tag.equals(desired.takeOverFrom())
          ? new Take("TakenOver")
          : new Refused(
              new Finding(
                  Reason.CONFLICT,
                  "the repository belongs to another owner ("
                      + Owner.TAG
                      + "="
                      + tag
                      + "): to take it over, set spec.takeOverFrom to exactly that value"));
    }
    if (claims.test(other)) {
      return new Refused(
          new Finding(
              Reason.CONFLICT,
              "the repository belongs to the Repository "
                  + other.namespace()
                  + "/"
                  + other.name()
                  + ": delete one of the two objects, or give this one another spec.name"));
    }
    return adoptable(
        desired,
        "its former owner " + other.namespace() + "/" + other.name() + " no longer claims it");
  }

  private static Ownership adoptable(DesiredRepository desired, String because) {
    return desired.adopt()
        ? new Take("Adopted")
        : new Refused(
            new Finding(
                Reason.ALREADY_EXISTS,
                "the repository exists and is not this object's ("
                    + because
                    + "): set spec.adoption to IfExists to adopt it, or choose another name"));
  }
}
