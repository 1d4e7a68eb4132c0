package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a service does for one operation: changes or reads the state, and answers or throws an
 * {@link AwsError}.
 */
@FunctionalInterface
interface Operation {
  ObjectNode answer(Request request);
}
