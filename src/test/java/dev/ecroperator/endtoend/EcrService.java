package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** An ECR for the operator, at an endpoint. Tests look at it and edit it as an {@link Outsider}. */
public interface EcrService extends AutoCloseable {
  /** The endpoint override for ecr, ecr-public and sts. */
  URI endpoint();

  /** The calls that reached it so far, in the order of their answers. */
  List<Call> calls();

  /** What only the simulator can do: show its state, fail on demand. */
  default Optional<EcrSimulator> simulator() {
    return Optional.empty();
  }

  @Override
  void close();
}
