package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** One column that `kubectl get` prints; those of priority 1 with `-o wide` only. */
record Column(
    String name, String type, int priority, String description, Function<JsonNode, JsonNode> cell) {

  /** A column of a CRD, or one written like it. */
  static Column of(String name, String type, int priority, String description, String jsonPath) {
    JsonPath path = new JsonPath(jsonPath);
    return new Column(name, type, priority, description, path::read);
  }

  static Column of(String name, String type, String jsonPath) {
    return of(name, type, 0, "", jsonPath);
  }

  /** A column with the number of members of a map. */
  static Column size(String name, String member) {
    return new Column(name, "integer", 0, "", o -> IntNode.valueOf(o.path(member).size()));
  }

  /** The age that a date column shows, in the words of the real server. */
  static String age(String timestamp, Instant now) {
    if (timestamp.isEmpty()) {
      return "<unknown>";
    }
    Duration age = Duration.between(Instant.parse(timestamp), now);
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    } else if (minutes < 10) {
      return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    } else if (minutes < 180) {
      return minutes + "m";
    } else if (hours < 8) {
      return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (days < 8) {
      return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
    }
    return days + "d";
  }
}
