package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The line by which one operator reaches ECR and Kubernetes: it notes the effects in the order in
 * which they were committed, and can be cut at one of them. Everybody else's requests pass.
 */
final class CutLine implements Line {
  private final List<Effect> committed = new ArrayList<>();
  private final CountDownLatch cut = new CountDownLatch(1);
  private @Nullable CrashPoint point;
  private boolean isCut;

  /**
   * A change that the operator made.
   *
   * @param server where: {@code ecr} or {@code kube}
   * @param what the operation, or the verb and the resource
   * @param occurrence the how manieth of its kind it is
   */
  record Effect(String server, String what, int occurrence) {
    @Override
    public String toString() {
      return server + " " + what + (occurrence == 1 ? "" : " #" + occurrence);
    }
  }

  /** When the line is cut. */
  enum Moment {
    /** The request does not arrive. */
    BEFORE,
    /** The effect is committed, and the answer lost. */
    AFTER
  }

  /** Where the line is cut. */
  record CrashPoint(Effect effect, Moment moment) {
    @Override
    public String toString() {
      return (moment == Moment.BEFORE ? "before " : "after ") + effect;
    }
  }

  /** Notes effects anew, and cuts the line at the point, if one is given. */
  synchronized void begin(@Nullable CrashPoint crashPoint) {
    committed.clear();
    point = crashPoint;
  }

  /** The effects since {@link #begin}. */
  synchronized List<Effect> committed() {
    return List.copyOf(committed);
  }

  /** Waits until the line is cut; answers whether it came about. */
  boolean awaitCut() throws InterruptedException {
    return cut.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** Joins the line again, for the next operator. */
  synchronized void mend() {
    isCut = false;
    point = null;
  }

  /** Waits until no effect was noted for a while. */
  void awaitRest() {
    Patience.atRest(Duration.ofSeconds(1), this::committed);
  }

  @Override
  public synchronized boolean carries(Request request) {
    if (!isOperators(request)) {
      return true;
    }
    if (request.changes() && isPoint(next(request), Moment.BEFORE)) {
      cut();
    }
    return !isCut;
  }

  @Override
  public synchronized boolean returns(Request request) {
    if (!isOperators(request)) {
      return true;
    }
    if (request.changes()) {
      Effect effect = next(request);
      committed.add(effect);
      if (isPoint(effect, Moment.AFTER)) {
        cut();
      }
    }
    return !isCut;
  }

  private void cut() {
    isCut = true;
    cut.countDown();
  }

  private boolean isPoint(Effect effect, Moment moment) {
    return point != null && point.moment() == moment && point.effect().equals(effect);
  }

  private Effect next(Request request) {
    Effect first = new Effect(request.server(), request.what(), 1);
    List<String> kinds = committed.stream().map(e -> e.server() + e.what()).toList();
    return new Effect(
        first.server(),
        first.what(),
        1 + Collections.frequency(kinds, first.server() + first.what()));
  }

  private static boolean isOperators(Request request) {
    return !request.caller().equals(Outsider.ACCESS_KEY)
        && !request.caller().equals(KubernetesCluster.TEST_USER_AGENT);
  }
}
