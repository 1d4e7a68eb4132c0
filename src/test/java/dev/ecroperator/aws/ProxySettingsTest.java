package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTest {
  @ParameterizedTest
  @CsvSource({
    "api.ecr.eu-west-1.vpce.amazonaws.com, .vpce.amazonaws.com, true",
    "api.ecr.eu-west-1.vpce.amazonaws.com, vpce.amazonaws.com, true",
    "api.ecr.eu-west-1.vpce.amazonaws.com, *.VPCE.amazonaws.com, true",
    "api.ecr.eu-west-1.vpce.amazonaws.com, api.ecr.*.com, true",
    "vpce.amazonaws.com, .vpce.amazonaws.com, true",
    "notvpce.amazonaws.com, vpce.amazonaws.com, false",
    "vpce-amazonaws.com, vpce.amazonaws.com, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.0/8, false",
  })
  void hostsAreListedAsNoProxyListsThem(String host, String listed, boolean expected) {
    Set<String> patterns =
        new ProxySettings(Optional.empty(), Set.of(listed)).configuration().nonProxyHosts();
    // As the SDK's client asks.
    assertThat(patterns).anySatisfy(each -> assertThat(host.matches(each)).isEqualTo(expected));
  }

  @Test
  void theProxyMayWantAPassword() {
    var proxy = URI.create("http://user:word@proxy.example.com:3128");
    var configuration = new ProxySettings(Optional.of(proxy), Set.of()).configuration();
    assertThat(configuration.host()).isEqualTo("proxy.example.com");
    assertThat(configuration.port()).isEqualTo(3128);
    assertThat(configuration.username()).isEqualTo("user");
    assertThat(configuration.password()).isEqualTo("word");
  }

  @Test
  void theProxyGetsNoPasswordOfAnother() {
    System.setProperty("http.proxyHost", "other.example.com");
    System.setProperty("http.proxyUser", "user");
    System.setProperty("http.proxyPassword", "word");
    try {
      var proxy = URI.create("http://proxy.example.com:3128");
      var configuration = new ProxySettings(Optional.of(proxy), Set.of()).configuration();
      assertThat(configuration.host()).isEqualTo("proxy.example.com");
      assertThat(configuration.username()).isNull();
      assertThat(configuration.password()).isNull();
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyUser");
      System.clearProperty("http.proxyPassword");
    }
  }
}
