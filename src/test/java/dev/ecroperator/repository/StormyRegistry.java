package dev.ecroperator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.json.RandomJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A registry whose calls fail at random while it storms, and that lets nothing be done to a
 * repository by whom it does not belong to.
 */
final class StormyRegistry implements RepositoryRegistry {
  /**
   * The operator's process ends here: nothing that comes after this call is done. It is neither an
   * exception nor an error, for a pass deals with both.
   */
  static final class Crash extends Throwable {
    private static final long serialVersionUID = 1;

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T happen() throws T {
      throw (T) new Crash();
    }
  }

  private static final List<Failure.Kind> REFUSALS =
      List.of(Failure.Kind.THROTTLED, Failure.Kind.UNAVAILABLE, Failure.Kind.AMBIGUOUS);

  private final FakeRegistry ecr;
  private final RandomJson draw;
  private final List<String> history;
  private final BooleanSupplier held;
  private final BooleanSupplier leaving;

  boolean storming;

  /** How many calls changed something, or would have. */
  int mutations;

  /**
   * A registry around {@code ecr}.
   *
   * @param history takes what is called
   * @param held whether the object has its finalizer
   * @param leaving whether the object is being deleted
   */
  StormyRegistry(
      FakeRegistry ecr,
      RandomJson draw,
      List<String> history,
      BooleanSupplier held,
      BooleanSupplier leaving) {
    this.ecr = ecr;
    this.draw = draw;
    this.history = history;
    this.held = held;
    this.leaving = leaving;
  }

  @Override
  public ObservedRepository create(RepositoryTarget target, RepositorySettings settings) {
    return mutation(
        "create",
        () -> {
          boolean isNew = ecr.isEmpty();
          ObservedRepository created = ecr.create(target, settings);
          if (isNew && storming && draw.upTo(3) == 0) {
            ecr.staleLooks = 1 + draw.upTo(2);
          }
          return created;
        });
  }

  @Override
  public Optional<ObservedRepository> find(RepositoryTarget target, Duration maxAge) {
    return call("find", () -> ecr.find(target, maxAge));
  }

  @Override
  public ObservedRepository readAgain(
      RepositoryTarget target, ObservedRepository observed, RepositoryChange change) {
    return call(
        "readAgain",
        () -> {
          if (ecr.isEmpty()) {
            throw new CallFailedException(Samples.failure(Failure.Kind.ABSENT));
          }
          return ecr.readAgain(target, observed, change);
        });
  }

  @Override
  public Optional<Tags> tags(RepositoryTarget target) {
    return call("tags", () -> ecr.tags(target));
  }

  @Override
  public void apply(RepositoryTarget target, RepositoryChange change, Runnable lookAgain) {
    lookAgain.run();
    mutation(
        change.toString(),
        () -> {
          if (!ecr.isEmpty()) {
            assertMayChange(change);
          }
          ecr.apply(target, change, () -> {});
          return "";
        });
  }

  private void assertMayChange(RepositoryChange change) {
    String tag = ecr.now().ownerTag();
    if (change instanceof RepositoryChange.TagResource claim
        && claim.tags().containsKey(Owner.TAG)) {
      assertThat(tag).as("the owner of what is taken%n%s", history).isNull();
    } else {
      assertThat(tag)
          .as("the owner of what is changed%n%s", history)
          .isEqualTo(Samples.OWNER.tagValue());
    }
  }

  @Override
  public void delete(RepositoryTarget target, boolean withImages, Runnable lookAgain) {
    lookAgain.run();
    mutation(
        "delete",
        () -> {
          assertThat(leaving.getAsBoolean()).as("the object is being deleted").isTrue();
          if (!ecr.isEmpty()) {
            assertThat(ecr.now().ownerTag())
                .as("the owner of what is deleted%n%s", history)
                .isEqualTo(Samples.OWNER.tagValue());
          }
          ecr.delete(target, withImages, () -> {});
          return "";
        });
  }

  private <T> T mutation(String what, Supplier<T> call) {
    mutations++;
    assertThat(held.getAsBoolean()).as("the finalizer is there before %s", what).isTrue();
    return call(what, call);
  }

  private <T> T call(String what, Supplier<T> call) {
    int weather = storming ? draw.upTo(20) : Integer.MAX_VALUE;
    history.add(what + (weather < 4 ? " in weather " + weather : ""));
    if (weather == 0) {
      throw Crash.<RuntimeException>happen();
    } else if (weather == 1) {
      throw new CallFailedException(Samples.failure(draw.oneOf(REFUSALS)));
    }
    T answer = call.get();
    if (weather == 2) {
      throw Crash.<RuntimeException>happen();
    } else if (weather == 3) {
      throw new CallFailedException(Samples.failure(Failure.Kind.AMBIGUOUS));
    }
    return answer;
  }
}
