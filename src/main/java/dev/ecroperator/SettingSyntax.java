package dev.ecroperator;

import static java.util.stream.Collectors.toSet;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the values of settings are written. Each method throws an {@link IllegalArgumentException}
 * for what it cannot read.
 */
final class SettingSyntax {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(s|m|h)");
  private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,4})/s");
  private static final Pattern OWNER_ID = Pattern.compile("[A-Za-z0-9.-]{1,36}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private SettingSyntax() {}

  static int between(int least, int most, String text) {
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  static String oneOf(String text, String... accepted) {
    if (!Arrays.asList(accepted).contains(text)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  static URI httpUrl(String text) {
    URI url = URI.create(text);
    if (url.getScheme() == null || url.getHost() == null) {
      throw new IllegalArgumentException(text);
    }
    oneOf(url.getScheme(), "http", "https");
    return url;
  }

  static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    for (String name : text.split(",", -1)) {
      names.add(matching(NAMESPACE, name.strip()));
    }
    return names;
  }

  static Optional<String> ownerId(String text) {
    return Optional.of(matching(OWNER_ID, text));
  }

  static Optional<String> name(String text) {
    return Optional.of(matching(NAMESPACE, text));
  }

  static Optional<URI> proxy(String text) {
    URI proxy = httpUrl(text);
    if (proxy.getPort() < 1 || proxy.getPort() > 65_535) {
      throw new IllegalArgumentException(text);
    }
    return Optional.of(proxy);
  }

  static Set<String> hosts(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(host -> !host.isEmpty())
        .collect(toSet());
  }

  static Set<String> someOf(Set<String> accepted, String text) {
    Set<String> some = new TreeSet<>();
    for (String each : text.split(",", -1)) {
      some.add(oneOf(each.strip(), accepted.toArray(String[]::new)));
    }
    return some;
  }

  static boolean trueOrFalse(String text) {
    return oneOf(text.toLowerCase(Locale.ROOT), "true", "false").equals("true");
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  static int perSecond(String text) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}
