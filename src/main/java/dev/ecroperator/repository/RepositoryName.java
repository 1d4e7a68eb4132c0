package dev.ecroperator.repository;

import dev.ecroperator.api.Visibility;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a repository may be called: CreateRepository's constraints in both service models. */
final class RepositoryName {
  private static final int PRIVATE_LIMIT = 256;
  private static final int PUBLIC_LIMIT = 205;

  private static final Pattern PRIVATE =
      Pattern.compile(
          "(?:[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern PUBLIC =
      Pattern.compile("(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*");

  private RepositoryName() {}

  /** What is wrong with a name, and what is accepted; null where nothing is. */
  static @Nullable String refusal(String name, Visibility visibility) {
    boolean isPrivate = visibility == Visibility.PRIVATE;
    int limit = isPrivate ? PRIVATE_LIMIT : PUBLIC_LIMIT;
    if (name.length() < 2 || name.length() > limit) {
      return "a repository's name has 2 to " + limit + " characters, this one " + name.length();
    }
    return (isPrivate ? PRIVATE : PUBLIC).matcher(name).matches()
        ? null
        : "'"
            + name
            + "' is no repository name: lower-case letters and digits, separated by single '.', '_'"
            + (isPrivate ? ", '__', or any number of '-'" : " or '-'")
            + ", in segments separated by '/'";
  }
}
