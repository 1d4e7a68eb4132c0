package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Repository;

/**
 * What the lists of one registry say of many repositories at once: their attributes, 1,000 a call,
 * and their effective scanning, 25 a call. A list is served from memory while it is young, and
 * never for a repository that was changed after it was begun. That it lacks a repository proves
 * nothing: absence is for a read of that one to confirm.
 *
 * <p>Times are readings of a monotonic clock in nanoseconds: by a wall clock that is set back, an
 * old list would be newer than our own write.
 */
final class RepositoryInventory {
  /**
   * A guess before the first list: with fewer repositories to ask for, single reads are cheaper.
   */
  private static final int PAGES_AT_FIRST = 10;

  /** How long a list that failed answers for all that ask. */
  static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

  /** How long single reads serve where we lack the permission for the list. */
  static final Duration DENIAL_KEPT = Duration.ofMinutes(5);

  /** A repository as the lists show it. */
  record Entry(Repository repository, String scanFrequency) {}

  /** What is as old as the moment in which it was begun. */
  private sealed interface Begun {
    long begunAt();
  }

  /** The names alone: they are known before what else is listed, and where that fails. */
  private record Names(long begunAt, NavigableSet<String> all) implements Begun {}

  private record Lists(long begunAt, int pages, Map<String, Entry> entries) implements Begun {}

  private record Failed(CallFailedException why, long at) {
    boolean isKept(Duration kept, long now) {
      return now - at < kept.toNanos();
    }

    CallFailedException again() {
      return new CallFailedException(why.failure(), why);
    }
  }

  private final RepositoryListing listing;
  private final LongSupplier nanoTime;

  private final ReentrantLock turn = new ReentrantLock();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final AtomicInteger askedInVain = new AtomicInteger();
  private final Map<String, Long> changedAt = new ConcurrentHashMap<>();
  private volatile @Nullable Names names;
  private volatile @Nullable Lists lists;
  private @Nullable Failed failed;

  RepositoryInventory(EcrClient ecr, AwsCalls calls, String accountId, LongSupplier nanoTime) {
    this.listing = new RepositoryListing(ecr, calls, accountId);
    this.nanoTime = nanoTime;
  }

  /** Notes that a repository is being changed: no list that was begun before tells of it. */
  void changed(String name) {
    changedAt.put(name, nanoTime.getAsLong());
  }

  /**
   * What a list says of the repository.
   *
   * @param maxAge how old the list may be; zero for none at all
   * @return null where no list is young enough, or it lacks the repository: read that one
   * @throws CallFailedException where the list is out of reach for now. Single reads are calls of
   *     the same operation, and many more: what is throttled must not be answered by them
   */
  @Nullable Entry find(String name, Duration maxAge) {
    if (maxAge.isZero()) {
      return null;
    }
    wanted.add(name);
    long asked = nanoTime.getAsLong();
    if (youngEnough(lists, asked, maxAge) == null) {
      // A list costs as many calls as it has pages: it is worth them once as many have asked.
      Lists last = lists;
      if (askedInVain.incrementAndGet() < (last == null ? PAGES_AT_FIRST : last.pages())) {
        return null;
      }
      listUnlessDone(asked, maxAge);
    }
    // In this order: what a newer list has made needless is forgotten after that is there.
    Long changed = changedAt.get(name);
    Lists current = youngEnough(lists, asked, maxAge);
    return current == null || (changed != null && changed - current.begunAt() >= 0)
        ? null
        : current.entries().get(name);
  }

  private static <T extends Begun> @Nullable T youngEnough(
      @Nullable T last, long asked, Duration maxAge) {
    return last == null || asked - last.begunAt() > maxAge.toNanos() ? null : last;
  }

  /**
   * The names of all repositories.
   *
   * @param maxAge how old the list may be
   * @throws CallFailedException where no list is young enough, and none can be had
   */
  NavigableSet<String> names(Duration maxAge) {
    long asked = nanoTime.getAsLong();
    Names young = youngEnough(names, asked, maxAge);
    return young != null ? young.all() : listNames(asked, maxAge).all();
  }

  private Names listNames(long asked, Duration maxAge) {
    turn.lock();
    try {
      Names young = youngEnough(names, asked, maxAge);
      if (young != null) {
        return young;
      }
      throwFailureKept(asked, maxAge);
      lists = list();
      return Objects.requireNonNull(names);
    } finally {
      turn.unlock();
    }
  }

  private void throwFailureKept(long asked, Duration maxAge) {
    Duration kept = FAILURE_KEPT.compareTo(maxAge) < 0 ? FAILURE_KEPT : maxAge;
    if (failed != null && failed.isKept(kept, asked)) {
      throw failed.again();
    }
  }

  /** One lists for all that wait. Where they are to read one by one, the list stays as it was. */
  private void listUnlessDone(long asked, Duration maxAge) {
    turn.lock();
    try {
      if (youngEnough(lists, asked, maxAge) != null) {
        return;
      }
      Failed before = failed;
      if (before != null && before.isKept(kept(before.why()), nanoTime.getAsLong())) {
        if (isPassing(before.why())) {
          throw before.again();
        }
        return;
      }
      try {
        lists = list();
        askedInVain.set(0);
      } catch (CallFailedException e) {
        if (isPassing(e)) {
          throw e;
        }
        if (before == null || before.why().kind() != e.kind()) {
          RepositoryListing.tellOneByOne(e);
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private static Duration kept(CallFailedException e) {
    return e.kind() == Failure.Kind.DENIED ? DENIAL_KEPT : FAILURE_KEPT;
  }

  /** Whether single reads would fail alike, and the list is soon there again. */
  private static boolean isPassing(CallFailedException e) {
    return e.kind() == Failure.Kind.THROTTLED || e.kind() == Failure.Kind.UNAVAILABLE;
  }

  private Lists list() {
    long begunAt = nanoTime.getAsLong();
    RepositoryListing.All listed;
    try {
      listed = listing.all();
    } catch (CallFailedException e) {
      failed = new Failed(e, nanoTime.getAsLong());
      throw e;
    }
    failed = null;
    NavigableSet<String> all = new TreeSet<>();
    listed.repositories().forEach(repository -> all.add(repository.repositoryName()));
    names = new Names(begunAt, Collections.unmodifiableNavigableSet(all));
    wanted.retainAll(all);
    Lists before = lists;
    if (before != null) {
      changedAt.values().removeIf(changed -> changed - before.begunAt() < 0);
    }

    List<Repository> asked =
        listed.repositories().stream().filter(r -> wanted.contains(r.repositoryName())).toList();
    Map<String, String> frequencies =
        listing.scanFrequencies(asked.stream().map(Repository::repositoryName).toList());
    Map<String, Entry> entries = new HashMap<>();
    for (Repository repository : asked) {
      String frequency = frequencies.get(repository.repositoryName());
      if (frequency != null) {
        entries.put(repository.repositoryName(), new Entry(repository, frequency));
      }
    }
    return new Lists(begunAt, listed.pages(), Map.copyOf(entries));
  }
}
