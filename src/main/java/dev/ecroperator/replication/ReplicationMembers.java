package dev.ecroperator.replication;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The objects of the cluster as members of the registries that they replicate from.
 *
 * @param objects all ImageReplications
 * @param isHeld whether one carries our finalizer
 * @param repositories a Repository by namespace and name
 */
record ReplicationMembers(
    Supplier<Stream<ImageReplication>> objects,
    Predicate<ImageReplication> isHeld,
    BiFunction<String, String, Optional<Repository>> repositories) {

  /** All members of a registry, by id: those that have pinned it. */
  Map<String, Member> of(Registry source) {
    Map<String, Member> members = new TreeMap<>();
    objects
        .get()
        .map(ReplicationObject::new)
        .filter(object -> object.registry().filter(source::equals).isPresent())
        .filter(this::isMember)
        .forEach(object -> members.put(object.uid(), member(object, source)));
    return members;
  }

  /**
   * Whether what it says is ours to deal with: it is held, or lost what holds it and has rules yet.
   * One that was released, and that somebody else holds, is none.
   */
  private boolean isMember(ReplicationObject object) {
    return isHeld.test(object.resource())
        || (!object.isLeaving() && !object.recorded().saysNothing());
  }

  /** One object as a member of a registry. */
  Member member(ReplicationObject object, Registry source) {
    Standing recorded = object.recorded();
    Set<String> standing = new TreeSet<>();
    recorded.contribution().forEach(contribution -> standing.addAll(contribution.filters()));
    DesiredReplication desired =
        DesiredReplication.of(
            object.spec(),
            source,
            name ->
                Reference.to(
                    name,
                    repositories.apply(object.namespace(), name).orElse(null),
                    source,
                    standing));
    return new Member(
        object.uid(),
        object.generation(),
        object.createdAt().toEpochMilli(),
        object.isLeaving() ? Presence.LEAVING : Presence.STAYING,
        object.means(source) && object.unreadable() == null ? desired : desired.heldStill(),
        recorded);
  }
}
