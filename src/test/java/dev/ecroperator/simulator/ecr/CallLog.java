package dev.ecroperator.simulator.ecr;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What was asked of the simulator over the wire, in the order of the answers. Safe to use from any
 * thread.
 */
public final class CallLog {
  private final List<Call> calls = new ArrayList<>();

  /** Every call since the start or the last {@link #clear()}. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The calls that could change state, failed ones included. */
  public List<Call> mutations() {
    return calls().stream().filter(Call::isMutation).toList();
  }

  /** How often the operation was called, whatever came of it. */
  public long count(String operation) {
    return count(call -> call.operation().equals(operation));
  }

  /** How often the operation was called on that account's registry of the region. */
  public long count(String operation, String account, String region) {
    return count(
        call ->
            call.operation().equals(operation)
                && call.account().equals(account)
                && call.region().equals(region));
  }

  /** How many calls were of that kind. */
  public long count(Predicate<Call> kind) {
    return calls().stream().filter(kind).count();
  }

  /** Forgets all calls. */
  public synchronized void clear() {
    calls.clear();
  }

  synchronized void add(Call call) {
    calls.add(call);
  }
}
