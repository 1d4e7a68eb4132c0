package dev.ecroperator.replication;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.replication.merge.ReplicationDocument;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A registry's replication configuration in memory. */
final class FakeReplicationRegistry extends ScriptedCalls implements ReplicationRegistry {
  /** The configuration as text. */
  String configuration = "{\"rules\":[]}";

  /** In which words the configuration is read. */
  UnaryOperator<String> reading = UnaryOperator.identity();

  /** What happens right before a put. */
  Runnable beforePut = () -> {};

  /** A destination region that the registry refuses. */
  @Nullable String refusedRegion;

  private boolean answerLost;
  private final Deque<UnaryOperator<String>> racers = new ArrayDeque<>();

  /** The next put is done, and its answer is lost. */
  void loseAnswer() {
    answerLost = true;
  }

  /** Somebody else replaces the configuration right after the next put. */
  void race(UnaryOperator<String> edit) {
    racers.add(edit);
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
}
