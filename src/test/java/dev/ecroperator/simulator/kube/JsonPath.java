package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The JSON paths of printer columns: members, positions, `[*]` and `[?(@.type=="Ready")]`. */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.((?:\\\\.|[^.\\[\\\\])+)"
              + "|\\['([^']+)']"
              + "|\\[(\\d+|\\*)]"
              + "|\\[\\?\\(@\\.([\\w.]+)\\s*==\\s*['\"]([^'\"]*)['\"]\\)]");

  private final List<MatchedStep> steps = new ArrayList<>();

  private record MatchedStep(String member, String position, String filter, String wanted) {}

  JsonPath(String path) {
    Matcher matcher = STEP.matcher(path);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String member = or(matcher.group(1), or(matcher.group(2), "")).replaceAll("\\\\(.)", "$1");
      steps.add(
          new MatchedStep(
              member,
              or(matcher.group(3), ""),
              or(matcher.group(4), ""),
              or(matcher.group(5), "")));
      end = matcher.end();
    }
    if (end != path.length()) {
      throw new IllegalArgumentException("unknown JSON path: " + path);
    }
  }

  /** The first value the path leads to, as a printer column shows it; null where there is none. */
  JsonNode read(JsonNode root) {
    List<JsonNode> nodes = List.of(root);
    for (MatchedStep step : steps) {
      nodes = nodes.stream().flatMap(n -> step(step, n).stream()).toList();
    }
    return nodes.isEmpty() ? NullNode.instance : nodes.getFirst();
  }

  private static List<JsonNode> step(MatchedStep step, JsonNode node) {
    if (!step.member().isEmpty()) {
      return node.has(step.member()) ? List.of(node.path(step.member())) : List.of();
    }
    if (step.position().equals("*")) {
      return StreamSupport.stream(node.spliterator(), false).toList();
    }
    if (!step.position().isEmpty()) {
      int index = Integer.parseInt(step.position());
      return node.has(index) ? List.of(node.path(index)) : List.of();
    }
    String[] filter = step.filter().split("\\.", -1);
    return node.valueStream().filter(n -> Json.text(n, filter).equals(step.wanted())).toList();
  }

  private static String or(@Nullable String text, String other) {
    return text == null ? other : text;
  }
}
