package dev.ecroperator.replication.merge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ECR accepts in a replication configuration. AWS has told several numbers, so they are
 * configurable; the defaults are those of its service model.
 *
 * @param rules in the document
 * @param destinationsPerRule in one rule
 * @param filtersPerRule in one rule
 */
public record Limits(int rules, int destinationsPerRule, int filtersPerRule) {
  /** The limits of the service model. */
  public static final Limits DEFAULT = new Limits(25, 100, 100);

  /** What {@link #parse} accepts. */
  public static final String ACCEPTED =
      "three numbers of at least 1 as rules=25,destinations=100,filters=100";

  private static final Pattern FORM =
      Pattern.compile(
          "rules=([1-9][0-9]{0,3}),destinations=([1-9][0-9]{0,3}),filters=([1-9][0-9]{0,3})");

  /**
   * Reads limits.
   *
   * @throws IllegalArgumentException where the text is not what {@link #ACCEPTED} says
   */
  public static Limits parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Limits(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }
}
