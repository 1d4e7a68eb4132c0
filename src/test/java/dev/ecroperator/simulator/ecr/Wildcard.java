package dev.ecroperator.simulator.ecr;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** AWS's wildcard filters: {@code *} stands for any characters, and nothing else is special. */
final class Wildcard {
  private Wildcard() {}

  static boolean matches(String wildcard, String text) {
    return Arrays.stream(wildcard.split("\\*", -1))
        .map(Pattern::quote)
        .collect(Collectors.collectingAndThen(Collectors.joining(".*"), Pattern::compile))
        .matcher(text)
        .matches();
  }

  static long stars(String text) {
    return text.chars().filter(c -> c == '*').count();
  }
}
