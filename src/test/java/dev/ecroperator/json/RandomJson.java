package dev.ecroperator.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Draws, and rewrites of JSON that say the same. */
public final class RandomJson {
  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final RandomGenerator random;

  public RandomJson(RandomGenerator random) {
    this.random = random;
  }

  public boolean coin() {
    return random.nextBoolean();
  }

  public int upTo(int bound) {
    return random.nextInt(bound);
  }

  public String oneOf(String... values) {
    return values[random.nextInt(values.length)];
  }

  public <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  public <T> List<T> shuffled(List<T> values) {
    List<T> shuffled = new ArrayList<>(values);
    Collections.shuffle(shuffled, java.util.Random.from(random));
    return shuffled;
  }

  /** Distinct entries of the form prefix + number, at least one. */
  public ArrayNode texts(String prefix, int most) {
    ArrayNode list = NODES.arrayNode();
    List<Integer> numbers = shuffled(List.of(0, 1, 2, 3, 4, 5, 6, 7));
    for (int number : numbers.subList(0, 1 + upTo(most))) {
      list.add(prefix + number);
    }
    return list;
  }

  /** Another order, repeats; a list of one perhaps without brackets. */
  public JsonNode rewriteSet(JsonNode set, boolean bracketsMayGo) {
    List<JsonNode> values = new ArrayList<>();
    set.forEach(values::add);
    if (!values.isEmpty() && coin()) {
      values.add(oneOf(values).deepCopy());
    }
    if (bracketsMayGo && set.size() == 1 && coin()) {
      return set.get(0);
    }
    return NODES.arrayNode().addAll(shuffled(values));
  }

  /** The members of all objects in another order; lists as they are. */
  public JsonNode shuffleMembers(JsonNode node) {
    if (node instanceof ArrayNode list) {
      ArrayNode copy = NODES.arrayNode();
      list.forEach(element -> copy.add(shuffleMembers(element)));
      return copy;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = NODES.objectNode();
      for (Map.Entry<String, JsonNode> member : shuffled(List.copyOf(object.properties()))) {
        copy.set(member.getKey(), shuffleMembers(member.getValue()));
      }
      return copy;
    }
    return node;
  }

  /** The text of a document, with white space or without. */
  public String text(JsonNode node) {
    return coin() ? node.toPrettyString() : node.toString();
  }

  public String randomCase(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .map(c -> coin() ? Character.toUpperCase(c) : Character.toLowerCase(c))
        .forEach(c -> out.append((char) c));
    return out.toString();
  }
}
