package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.ecr.ReplicationRules.Destination;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Carries what is pushed to where the rules of its registry say. What arrives was not pushed, and
 * goes no further.
 *
 * <p>Nothing runs in the background: what is due is done when somebody looks next, for which {@link
 * #settle} comes before every look and every edit. Its lock is taken before that of a registry,
 * never after.
 */
final class Replication {
  private final World world;
  private final Queue<Shipment> underWay = new ConcurrentLinkedQueue<>();
  private final Map<Source, Map<Destination, Progress>> progress = new HashMap<>();
  private volatile Duration duration = Duration.ofMillis(200);

  /** An image where it was pushed. */
  private record Source(Registry registry, String repository, String digest) {}

  /**
   * What is on its way to one registry.
   *
   * @param creates whether it makes the repository where there is none
   * @param effect on the repository, given the time of arrival
   */
  private record Shipment(
      Registry from,
      Registry to,
      String repository,
      boolean creates,
      BiFunction<RepositoryState, Instant, RepositoryState> effect,
      Instant sentAt,
      Progress progress) {}

  /** How far an image is on its way to one registry. */
  private static final class Progress {
    private String status = "IN_PROGRESS";
    private @Nullable String failureCode;

    void complete() {
      status = "COMPLETE";
    }

    void fail(String code) {
      status = "FAILED";
      failureCode = code;
    }

    void write(ObjectNode answer) {
      answer.put("status", status);
      if (failureCode != null) {
        answer.put("failureCode", failureCode);
      }
    }
  }

  Replication(World world) {
    this.world = world;
  }

  /** How long it takes from now on, for what is under way too. */
  void takes(Duration newDuration) {
    settle();
    duration = newDuration;
  }

  /** Does what is due. */
  void settle() {
    if (!underWay.isEmpty()) {
      settle(world.clock.instant());
    }
  }

  private synchronized void settle(Instant now) {
    for (Iterator<Shipment> each = underWay.iterator(); each.hasNext(); ) {
      Shipment shipment = each.next();
      Instant due =
          shipment.sentAt().plus(Objects.requireNonNullElse(shipment.to().arrivalsTake, duration));
      if (!due.isAfter(now)) {
        deliver(shipment, due);
        each.remove();
      }
    }
  }

  /** Puts an image into a repository, and sends it where the rules of this moment say. */
  synchronized RepositoryState push(
      Registry registry,
      String repository,
      String digest,
      @Nullable String tag,
      UnaryOperator<RepositoryState> put,
      Instant at) {
    boolean fresh =
        registry.find(repository, null).filter(old -> old.images().containsKey(digest)).isEmpty();
    RepositoryState changed = registry.update(repository, put);
    Image image = Objects.requireNonNull(changed.images().get(digest));
    Source source = new Source(registry, repository, digest);
    if (fresh) {
      // An image of the same digest that was deleted since is not this one.
      progress.remove(source);
    }
    for (Destination destination : registry.replication().destinations(repository)) {
      Progress sent = new Progress();
      progress.computeIfAbsent(source, key -> new LinkedHashMap<>()).put(destination, sent);
      underWay.add(
          new Shipment(
              registry,
              at(destination),
              repository,
              true,
              (state, arrival) -> ImageOperations.received(state, image, tag, arrival),
              at,
              sent));
    }
    return changed;
  }

  /** Deletes images or tags, and sends word of it where the rules of this moment say. */
  synchronized RepositoryState delete(
      Registry registry, String repository, UnaryOperator<RepositoryState> deletion, Instant at) {
    Optional<RepositoryState> before = registry.find(repository, null);
    RepositoryState after = registry.update(repository, deletion);
    Set<Destination> destinations = registry.replication().destinationsOfDeletions(repository);
    for (Destination destination : destinations) {
      underWay.add(
          new Shipment(
              registry,
              at(destination),
              repository,
              false,
              (state, arrival) ->
                  ImageOperations.withoutDeleted(before.orElse(after), after, state),
              at,
              new Progress()));
    }
    return after;
  }

  /** What DescribeImageReplicationStatus says of an image. */
  synchronized void write(Registry registry, String repository, String digest, ArrayNode statuses) {
    progress
        .getOrDefault(new Source(registry, repository, digest), Map.of())
        .forEach(
            (destination, state) ->
                state.write(
                    statuses
                        .addObject()
                        .put("region", destination.region())
                        .put("registryId", destination.account())));
  }

  private Registry at(Destination destination) {
    return world.registry("ecr", destination.account(), destination.region());
  }

  private void deliver(Shipment shipment, Instant at) {
    Registry to = shipment.to();
    boolean missing = to.find(shipment.repository(), null).isEmpty();
    String failure = to.arrivalsFail;
    if (failure != null) {
      shipment.progress().fail(failure);
    } else if (!admits(shipment, "ecr:ReplicateImage")
        || (missing && !admits(shipment, "ecr:CreateRepository"))) {
      shipment.progress().fail(EcrSimulator.REPLICATION_DENIED);
    } else if (!missing || shipment.creates()) {
      try {
        if (missing) {
          ObjectNode defaults = Json.object().put("repositoryName", shipment.repository());
          to.create(PrivateOperations.created(to, defaults, at), world.repositoryQuota);
        }
        to.update(shipment.repository(), state -> shipment.effect().apply(state, at));
        shipment.progress().complete();
      } catch (AwsError refused) {
        shipment.progress().fail(refused.code());
      }
    }
  }

  /** An account lets itself in; others need the word of the destination's policy. */
  private static boolean admits(Shipment shipment, String action) {
    Registry to = shipment.to();
    String source = shipment.from().account();
    return to.account().equals(source)
        || RegistryPolicy.allows(
            to.policy(), to.partition(), source, action, to.arn(shipment.repository()));
  }
}
