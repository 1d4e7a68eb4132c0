package dev.ecroperator.aws;

import static java.util.stream.Collectors.toSet;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * The proxy by which AWS is reached.
 *
 * @param uri empty for the SDK's own settings
 * @param noProxy whom it is not for, as {@code NO_PROXY} lists them: a host; a domain with all
 *     below it, with or without a leading dot; a name with {@code *}
 */
public record ProxySettings(Optional<URI> uri, Set<String> noProxy) {
  /** The SDK's own settings. */
  public static final ProxySettings NONE = new ProxySettings(Optional.empty(), Set.of());

  /** Settings by a proxy, or without one. */
  public ProxySettings {
    noProxy = Set.copyOf(noProxy);
  }

  ProxyConfiguration configuration() {
    ProxyConfiguration.Builder builder = ProxyConfiguration.builder();
    uri.ifPresent(
        proxy -> {
          // Else a user and password that are missing here would be those of HTTP_PROXY.
          builder.useEnvironmentVariableValues(false).useSystemPropertyValues(false);
          // The SDK refuses an endpoint with a user in it.
          builder.endpoint(
              URI.create(proxy.getScheme() + "://" + proxy.getHost() + ":" + proxy.getPort()));
          if (proxy.getUserInfo() != null) {
            String[] user = proxy.getUserInfo().split(":", 2);
            builder.username(user[0]).password(user.length > 1 ? user[1] : "");
          }
        });
    // By itself the SDK reads NO_PROXY as names and wildcards, and takes a leading dot for a name.
    if (!noProxy.isEmpty()) {
      builder.nonProxyHosts(noProxy.stream().map(ProxySettings::pattern).collect(toSet()));
    }
    return builder.build();
  }

  /** The regular expression that the SDK holds against a host in lower case. */
  private static String pattern(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.contains("*")
        ? Pattern.quote(name).replace("*", "\\E.*\\Q")
        : "(.*\\.)?" + Pattern.quote(name.startsWith(".") ? name.substring(1) : name);
  }
}
