package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What does as it is told unless a test scripts otherwise, and notes the calls. */
public abstract class ScriptedCalls {
  /** The calls so far, by name. */
  public final List<String> calls = new ArrayList<>();

  /** Whether each failure has a request id of its own, as AWS's have. */
  boolean traced;

  private final Map<String, Deque<Optional<Failure.Kind>>> failures = new HashMap<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();

  /** The next call of that name fails so; null for one that does not. */
  public final void fail(String call, Failure.@Nullable Kind kind) {
    failures.computeIfAbsent(call, any -> new ArrayDeque<>()).add(Optional.ofNullable(kind));
  }

  /** This happens while the next call of that name is under way. */
  public final void during(String call, Runnable event) {
    meanwhile.put(call, event);
  }

  /** How many calls of that name there were. */
  public final long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  /** Notes a call, which does as it is scripted. */
  protected final void called(String call) {
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

  final CallFailedException failure(Failure.Kind kind, String call) {
    Failure failure = new Failure(kind, "ecr:" + call, kind.name());
    return new CallFailedException(
        traced
            ? failure.tracedBy(new Trace(call, kind.name(), "request-" + calls.size()))
            : failure,
        new IllegalStateException());
  }
}
