package dev.ecroperator.endtoend;

import com.fasterxml.jackson.databind.JsonNode;

/** What is stored of an object of the operator's kinds. */
public final class StoredObject {
  private StoredObject() {}

  /** Whether it is Ready, about its spec as it is now. */
  public static boolean isReady(JsonNode object) {
    return object.at("/status/observedGeneration").equals(object.at("/metadata/generation"))
        && ClusterObject.condition(object, "Ready").path("status").asText().equals("True");
  }
}
