package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A repository's tags: their limits, and how they go over the wire. */
final class Tags {
  private static final int MAX_TAGS = 50;

  private Tags() {}

  /** The tags with those of the list added or replaced. */
  static Map<String, String> merged(Map<String, String> tags, JsonNode added) {
    SortedMap<String, String> fresh = new TreeMap<>();
    for (JsonNode tag : added) {
      String key = tag.path("Key").asText();
      check(key, tag.path("Value").asText());
      if (fresh.put(key, tag.path("Value").asText()) != null) {
        throw invalid("duplicate tag key '" + key + "'");
      }
    }
    SortedMap<String, String> merged = new TreeMap<>(tags);
    merged.putAll(fresh);
    if (merged.size() > MAX_TAGS) {
      throw AwsError.refused(
          "TooManyTagsException",
          "The list of tags on the repository is over the limit. The maximum number of tags that"
              + " can be applied to a repository is "
              + MAX_TAGS
              + ".");
    }
    return merged;
  }

  static void write(Map<String, String> tags, ObjectNode answer) {
    ArrayNode list = answer.putArray("tags");
    tags.forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
  }

  private static void check(String key, String value) {
    if (key.isEmpty() || key.length() > 128) {
      throw invalid("tag key must have 1 to 128 characters");
    }
    if (value.length() > 256) {
      throw invalid("tag value must have at most 256 characters");
    }
    if (key.startsWith("aws:")) {
      throw invalid("aws: prefixed tag key names are not allowed for external use");
    }
  }

  private static AwsError invalid(String why) {
    return AwsError.refused("InvalidTagParameterException", "Invalid parameter at 'tags': " + why);
  }
}
