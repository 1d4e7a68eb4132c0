package dev.ecroperator;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The environment, read one variable after the other. */
final class Environment {
  /** What Kubernetes sets in each pod of a namespace with a Service named {@code operator}. */
  private static final Pattern SERVICE_LINK = Pattern.compile("OPERATOR_(SERVICE|PORT)(_.*)?");

  private final Map<String, String> variables;

  /** The names of those that were asked for. */
  private final Set<String> known = new HashSet<>();

  /** An environment of which nothing was read yet. */
  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Whether the variable is there, be it empty. */
  boolean has(String variable) {
    return variables.containsKey(variable);
  }

  /** Whether the process runs in a pod: the kubelet sets this variable in each. */
  boolean isOfPod() {
    return has("KUBERNETES_SERVICE_HOST");
  }

  /**
   * Reads a variable. One that is empty counts as unset, as charts render optional values so.
   *
   * @param absent stands for it where it is unset
   * @param accepted what may stand in it, for whoever set it
   * @param parse throws an {@link IllegalArgumentException} for what it cannot read
   * @throws InvalidSettingException for that
   */
  <T> T read(String variable, T absent, String accepted, Function<String, T> parse) {
    known.add(variable);
    String text = variables.getOrDefault(variable, "").strip();
    if (text.isEmpty()) {
      return absent;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(variable, text, accepted);
    }
  }

  /**
   * Refuses what the SDK could not read; for it, a variable that is empty is not unset.
   *
   * @throws InvalidSettingException where {@code parse} does not take it
   */
  void refuse(String variable, String accepted, Consumer<String> parse) {
    String text = variables.get(variable);
    if (text == null) {
      return;
    }
    try {
      parse.accept(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(variable, text, accepted);
    }
  }

  /** The operator's variables that nothing asked for: right only after all others were read. */
  Set<String> neverRead() {
    Set<String> names = new TreeSet<>();
    for (String variable : variables.keySet()) {
      if (variable.startsWith("OPERATOR_")
          && !known.contains(variable)
          && !SERVICE_LINK.matcher(variable).matches()) {
        names.add(variable);
      }
    }
    return names;
  }
}
