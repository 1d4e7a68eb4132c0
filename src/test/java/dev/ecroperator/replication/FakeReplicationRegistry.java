package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Trace;
import dev.ecroperator.replication.merge.ReplicationDocument;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory: does as it is told unless a test scripts otherwise, and notes the calls.
 */
final class FakeReplicationRegistry implements ReplicationRegistry {
  /** The configuration as text. */
  String configuration = "{\"rules\":[]}";

  /** In which words the configuration is read. */
  UnaryOperator<String> reading = UnaryOperator.identity();

  /** What happens right before a put. */
  Runnable beforePut = () -> {};

  /** A destination region that the registry refuses. */
  @Nullable String refusedRegion;

  /** Images by repository, the newest first. */
  final Map<String, List<PushedImage>> images = new TreeMap<>();

  /** Arrivals by digest. */
  final Map<String, List<Arrival>> arrivals = new HashMap<>();

  final List<String> calls = new ArrayList<>();

  /** How many looks are left. */
  int budget = 1_000;

  /** Whether each failure has a request id of its own, as AWS's have. */
  boolean traced;

  private boolean answerLost;
  private final Map<String, Deque<Optional<Failure.Kind>>> failures = new HashMap<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();
  private final Deque<UnaryOperator<String>> racers = new ArrayDeque<>();

  /** The next call of that name fails so; null for one that does not. */
  void fail(String call, Failure.@Nullable Kind kind) {
    failures.computeIfAbsent(call, any -> new ArrayDeque<>()).add(Optional.ofNullable(kind));
  }

  /** The next put is done, and its answer is lost. */
  void loseAnswer() {
    answerLost = true;
  }

  /** This happens while the next call of that name is under way. */
  void during(String call, Runnable event) {
    meanwhile.put(call, event);
  }

  /** Somebody else replaces the configuration right after the next put. */
  void race(UnaryOperator<String> edit) {
    racers.add(edit);
  }

  /** How many calls of that name there were. */
  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  private void called(String call) {
    calls.add(call);
    Runnable event = meanwhile.remove(call);
    if (event != null) {
      event.run();
    }
    Deque<Optional<Failure.Kind>> scripted = failures.getOrDefault(call, new ArrayDeque<>());
    if (!scripted.isEmpty()) {
      scripted
          .removeFirst()
          .ifPresent(
              kind -> {
                throw failure(kind, call);
              });
    }
  }

  private CallFailedException failure(Failure.Kind kind, String call) {
    Failure failure = new Failure(kind, "ecr:" + call, kind.name());
    return new CallFailedException(
        traced
            ? failure.tracedBy(new Trace(call, kind.name(), "request-" + calls.size()))
            : failure,
        new IllegalStateException());
  }

  @Override
  public ReplicationDocument read() {
    called("read");
    return ReplicationDocument.read(reading.apply(configuration));
  }

  @Override
  public void put(ReplicationDocument document) {
    beforePut.run();
    called("put");
    if (refusedRegion != null && document.text().contains(refusedRegion)) {
      throw failure(Failure.Kind.INVALID, "put");
    }
    configuration = document.text();
    if (!racers.isEmpty()) {
      configuration = racers.removeFirst().apply(configuration);
    }
    if (answerLost) {
      answerLost = false;
      throw failure(Failure.Kind.AMBIGUOUS, "put");
    }
  }

  @Override
  public NavigableSet<String> repositoryNames(Duration maxAge) {
    called("repositoryNames");
    return new TreeSet<>(images.keySet());
  }

  @Override
  public List<PushedImage> newestImages(String repository, int atMost) {
    called("newestImages");
    return images.getOrDefault(repository, List.of()).stream().limit(atMost).toList();
  }

  @Override
  public List<Arrival> arrivals(String repository, String digest) {
    called("arrivals");
    return arrivals.getOrDefault(digest, List.of());
  }

  @Override
  public boolean mayLook(int looks) {
    boolean may = budget >= looks;
    budget -= may ? looks : 0;
    return may;
  }
}
