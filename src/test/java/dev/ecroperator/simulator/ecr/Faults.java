package dev.ecroperator.simulator.ecr;

import dev.ecroperator.simulator.Line;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Faults to come, scripted per operation: {@code
 * faults.on("PutLifecyclePolicy").throttled().times(3)}. Of several that fit a call the first
 * scripted strikes; latencies and stale reads come on top.
 */
public final class Faults {
  private final List<Fault> scripted = new CopyOnWriteArrayList<>();
  private volatile Line line = Line.WHOLE;

  /** From now on all calls come and go by this line. */
  public void over(Line newLine) {
    line = newLine;
  }

  Line line() {
    return line;
  }

  /**
   * Begins a fault of the operation, in all services. Nothing is in force before {@code times} or
   * {@code always}.
   */
  public Script on(String operation) {
    return new Script(call -> call.operation().equals(operation));
  }

  /** Begins a fault of every operation. */
  public Script onAny() {
    return new Script(call -> true);
  }

  /** Ends all faults. Calls that hang go on. */
  public void clear() {
    scripted.forEach(Fault::clear);
    scripted.clear();
  }

  /** What befalls one call. */
  record Blow(Duration latency, @Nullable Fault fault, @Nullable Predicate<String> stale) {
    static final Blow NONE = new Blow(Duration.ZERO, null, null);
  }

  Blow next(Call call, List<String> names) {
    Blow blow = Blow.NONE;
    for (Fault fault : scripted) {
      boolean breaking =
          !(fault.kind() instanceof Fault.Kind.Latency || fault.kind() instanceof Fault.Kind.Stale);
      if ((breaking && blow.fault() != null) || !fault.strikes(call, names)) {
        continue;
      }
      blow =
          switch (fault.kind()) {
            case Fault.Kind.Latency(Duration more) ->
                new Blow(blow.latency().plus(more), blow.fault(), blow.stale());
            case Fault.Kind.Stale() ->
                new Blow(
                    blow.latency(),
                    blow.fault(),
                    blow.stale() == null
                        ? fault.repositories()
                        : blow.stale().or(fault.repositories()));
            default -> new Blow(blow.latency(), fault, blow.stale());
          };
    }
    return blow;
  }

  /**
   * A fault being scripted: narrow it down, say what goes wrong, and end with {@code times} or
   * {@code always}.
   */
  public final class Script {
    private Predicate<Call> calls;
    private Predicate<String> repositories = name -> true;
    private boolean anyRepository = true;
    private Fault.Kind kind =
        new Fault.Kind.Refusal(false, AwsError.refused("ThrottlingException", "Rate exceeded"));

    private Script(Predicate<Call> calls) {
      this.calls = calls;
    }

    /** Only calls of this kind; they have no status yet. */
    public Script where(Predicate<Call> kind) {
      calls = calls.and(kind);
      return this;
    }

    /** Only calls that name such a repository, among others perhaps. */
    public Script forRepository(Predicate<String> name) {
      repositories = name;
      anyRepository = false;
      return this;
    }

    /** Only calls that name this repository. */
    public Script forRepository(String name) {
      return forRepository(name::equals);
    }

    /** Answers an error; nothing is changed. */
    public Script error(int status, String code, String message) {
      return of(new Fault.Kind.Refusal(false, new AwsError(status, code, message)));
    }

    /** Does what was asked, and answers an error nevertheless. */
    public Script errorAfterCommit(int status, String code, String message) {
      return of(new Fault.Kind.Refusal(true, new AwsError(status, code, message)));
    }

    /**
     * Answers ThrottlingException. For AWS's other spelling script {@code error(400,
     * "ThrottleException", ..)}.
     */
    public Script throttled() {
      return error(400, "ThrottlingException", "Rate exceeded");
    }

    /** Refuses, in AWS's words, as IAM does where no policy allows the call. */
    public Script accessDenied() {
      return of(new Fault.Kind.Denied());
    }

    /**
     * Refuses, in AWS's words, as where the first replication configuration of an account takes a
     * service-linked role that the caller may not make. For PutReplicationConfiguration.
     */
    public Script replicationRoleDenied() {
      return of(new Fault.Kind.RoleDenied());
    }

    /** Does what was asked, and closes the connection without an answer. */
    public Script loseAnswer() {
      return of(new Fault.Kind.Silence(true));
    }

    /** Closes the connection without an answer; nothing is changed. */
    public Script loseRequest() {
      return of(new Fault.Kind.Silence(false));
    }

    /** Holds the call before it does anything; when the fault is cleared the call goes on. */
    public Script hang() {
      return of(new Fault.Kind.Hang(false));
    }

    /** Does what was asked and holds the answer until the fault is cleared. */
    public Script hangAfterCommit() {
      return of(new Fault.Kind.Hang(true));
    }

    /** Delays the call. */
    public Script latency(Duration duration) {
      return of(new Fault.Kind.Latency(duration));
    }

    /**
     * Reads see each repository as it was before its last write: none where it was just created. In
     * an answer about several, {@link #forRepository} picks the stale ones. DescribeRegistry sees
     * the replication configuration before the last. Calls that write are spared.
     */
    public Script staleRead() {
      return of(new Fault.Kind.Stale());
    }

    /** Strikes the next so many calls that fit. */
    public Fault times(int times) {
      Fault fault = new Fault(calls, repositories, anyRepository, kind, times);
      scripted.add(fault);
      return fault;
    }

    /** Strikes every call that fits until it is cleared. */
    public Fault always() {
      return times(Integer.MAX_VALUE);
    }

    private Script of(Fault.Kind kind) {
      this.kind = kind;
      return this;
    }
  }
}
