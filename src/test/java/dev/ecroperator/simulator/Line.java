package dev.ecroperator.simulator;

import java.util.function.Consumer;

/**
 * What requests and answers travel by, between the operator and all simulators: one line for
 * several, so that it is cut for all of them in the same moment.
 */
public interface Line {
  /**
   * A request, as far as a line knows it.
   *
   * @param server who it is for: {@code ecr} or {@code kube}
   * @param what what is asked: an operation, or a verb and a resource
   * @param changes whether it can change something
   * @param caller who sent it: an access key id, or a user agent
   */
  record Request(String server, String what, boolean changes, String caller) {}

  /** A line that loses nothing. */
  Line WHOLE = new Line() {};

  /** A line that loses nothing, and has something happen before a request arrives. */
  static Line before(Consumer<Request> happens) {
    return new Line() {
      @Override
      public boolean carries(Request request) {
        happens.accept(request);
        return true;
      }
    };
  }

  /** A line that loses nothing, and has something happen before an answer arrives. */
  static Line beforeTheAnswer(Consumer<Request> happens) {
    return new Line() {
      @Override
      public boolean returns(Request request) {
        happens.accept(request);
        return true;
      }
    };
  }

  /** Whether the request arrives; else nothing is done, and its connection is closed. */
  default boolean carries(Request request) {
    return true;
  }

  /** Whether the answer of a request that was done arrives; else its connection is closed. */
  default boolean returns(Request request) {
    return true;
  }
}
