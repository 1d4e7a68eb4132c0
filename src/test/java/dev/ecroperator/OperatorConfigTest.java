package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.aws.CallRates;
import dev.ecroperator.aws.ProxySettings;
import dev.ecroperator.replication.merge.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorConfigTest {
  private static OperatorConfig with(String variable, String value) {
    return OperatorConfig.from(Map.of(variable, value));
  }

  @Test
  void nothingSetGivesTheDefaults() {
    assertThat(OperatorConfig.from(Map.of()))
        .isEqualTo(
            new OperatorConfig(
                Set.of(),
                Optional.empty(),
                8080,
                false,
                Optional.empty(),
                Optional.empty(),
                Set.of("ImageReplication", "Repository"),
                ProxySettings.NONE,
                20,
                Duration.ofMinutes(5),
                2,
                CallRates.BUILT_IN,
                Limits.DEFAULT,
                "json",
                "info",
                Set.of()));
  }

  @Test
  void emptyAndBlankCountAsUnset() {
    assertThat(
            OperatorConfig.from(
                Map.of("OPERATOR_RESYNC", "", "OPERATOR_HTTP_PORT", "  ", "OPERATOR_OWNER_ID", "")))
        .isEqualTo(OperatorConfig.from(Map.of()));
  }

  @Test
  void replicationLimitsAreThreeNumbers() {
    assertThat(
            with("OPERATOR_REPLICATION_LIMITS", "rules=10,destinations=25,filters=50")
                .replicationLimits())
        .isEqualTo(new Limits(10, 25, 50));
  }

  @Test
  void aMisspeltSettingIsNamed() {
    assertThat(with("OPERATOR_RESYNK", "1m").unknown()).containsExactly("OPERATOR_RESYNK");
    assertThat(with("OPERATOR_RESYNC", "1m").unknown()).isEmpty();
    assertThat(with("PATH", "/bin").unknown()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPERATOR_SERVICE_HOST", "OPERATOR_PORT", "OPERATOR_PORT_80_TCP"})
  void theLinksToAServiceNamedOperatorAreNoSettings(String variable) {
    assertThat(with(variable, "10.0.0.1").unknown()).isEmpty();
  }

  @Test
  void kindsAreNamedAsKubernetesNamesThem() {
    assertThat(with("OPERATOR_KINDS", "Repository").kinds()).containsExactly("Repository");
    assertThat(with("OPERATOR_KINDS", "Repository, ImageReplication").kinds()).hasSize(2);
    assertThatThrownBy(() -> with("OPERATOR_KINDS", "repositories"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "OPERATOR_KINDS='repositories' cannot be read: accepted is ImageReplication,"
                + " Repository");
  }

  @Test
  void theProxyIsAUrlWithAPort() {
    assertThat(with("HTTPS_PROXY", "http://user:word@proxy.example.com:3128").proxy().uri())
        .contains(URI.create("http://user:word@proxy.example.com:3128"));
    assertThat(with("https_proxy", "http://proxy:3128").proxy().uri()).isPresent();
    assertThat(with("NO_PROXY", "10.0.0.1, .example.com,").proxy().noProxy())
        .containsExactlyInAnyOrder("10.0.0.1", ".example.com");
    assertThatThrownBy(() -> with("HTTPS_PROXY", "proxy"))
        .hasMessageStartingWith("HTTPS_PROXY='proxy' cannot be read: accepted is a URL");
    assertThatThrownBy(() -> with("HTTPS_PROXY", "http://user:word@proxy"))
        .hasMessageStartingWith("HTTPS_PROXY='http://***@proxy' cannot be read");
    assertThatThrownBy(() -> with("HTTPS_PROXY", "http://user:a/b@c@proxy:1"))
        .hasMessageStartingWith("HTTPS_PROXY='http://***@proxy:1' cannot be read");
    assertThatThrownBy(() -> with("HTTPS_PROXY", "user:a/b@proxy"))
        .hasMessageStartingWith("HTTPS_PROXY='***@proxy' cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://proxy:1080",
        "proxy:3128",
        "//proxy:3128",
        "http://:3128",
        "http://proxy:0",
        "http://proxy:65536",
        "http://pro xy:3128"
      })
  void aProxyThatCannotBeReachedIsNamed(String proxy) {
    for (String variable : Set.of("HTTPS_PROXY", "https_proxy")) {
      assertThatThrownBy(() -> with(variable, proxy))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith(variable + "='" + proxy + "' cannot be read: accepted is a URL");
    }
  }

  @Test
  void aPodElectsALeaderUnlessToldOtherwise() {
    String inPod = "KUBERNETES_SERVICE_HOST";
    assertThat(with(inPod, "10.0.0.1").leaderElection()).isTrue();
    assertThat(
            OperatorConfig.from(Map.of(inPod, "10.0.0.1", "OPERATOR_LEADER_ELECTION", "false"))
                .leaderElection())
        .isFalse();
    assertThat(with("OPERATOR_LEADER_ELECTION", "TRUE").leaderElection()).isTrue();
  }

  @Test
  void valuesThatAreAcceptedAreRead() {
    assertThat(with("OPERATOR_WATCH_NAMESPACES", "b, a").watchNamespaces())
        .containsExactly("a", "b");
    assertThat(with("OPERATOR_OWNER_ID", "Cluster.one-2").ownerId()).contains("Cluster.one-2");
    assertThat(with("OPERATOR_OWNER_ID", "x".repeat(36)).ownerId()).isPresent();
    assertThat(with("OPERATOR_HTTP_PORT", "0").httpPort()).isZero();
    assertThat(with("OPERATOR_HTTP_PORT", "65535").httpPort()).isEqualTo(65_535);
    assertThat(with("OPERATOR_CONCURRENCY", "1").concurrency()).isEqualTo(1);
    assertThat(with("OPERATOR_CONCURRENCY", "1000").concurrency()).isEqualTo(1_000);
    assertThat(with("OPERATOR_AUDIT_RATE", "12/s").auditRate()).isEqualTo(12);
    assertThat(with("OPERATOR_LOG_FORMAT", "text").logFormat()).isEqualTo("text");
    assertThat(with("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/ecr").unknown()).isEmpty();
    assertThat(with("AWS_MAX_ATTEMPTS", "1").unknown()).isEmpty();
    assertThat(with("OPERATOR_AWS_RATES", "CreateRepository=10/20").awsRates().byOperation())
        .containsEntry("CreateRepository", new CallRates.Rate(10, 20));
  }

  @ParameterizedTest
  @CsvSource({"1s, PT1S", "30s, PT30S", "5m, PT5M", "1h, PT1H", "90m, PT90M"})
  void durationsAreSecondsMinutesOrHours(String text, Duration expected) {
    assertThat(with("OPERATOR_RESYNC", text).resync()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"error", "warn", "info", "debug"})
  void logLevelsAreRead(String level) {
    assertThat(with("OPERATOR_LOG_LEVEL", level).logLevel()).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPERATOR_WATCH_NAMESPACES | a,,b            | namespaces separated by commas",
        "OPERATOR_WATCH_NAMESPACES | Payments        | namespaces separated by commas",
        "OPERATOR_OWNER_ID         | a/b             | 1 to 36 of A-Z, a-z, 0-9, '.' and '-'",
        "OPERATOR_OWNER_ID | 0123456789012345678901234567890123456 | 1 to 36 of A-Z, a-z, 0-9, '.'"
            + " and '-'",
        "OPERATOR_HTTP_PORT        | 65536           | a port, 0 to 65535",
        "OPERATOR_HTTP_PORT        | -1              | a port, 0 to 65535",
        "OPERATOR_HTTP_PORT        | http            | a port, 0 to 65535",
        "OPERATOR_LEADER_ELECTION  | yes             | true or false",
        "OPERATOR_CONCURRENCY      | 0               | a number, 1 to 1000",
        "OPERATOR_CONCURRENCY      | 1001            | a number, 1 to 1000",
        "OPERATOR_RESYNC           | 0s              | a duration as 30s, 5m or 1h, at least 1s",
        "OPERATOR_RESYNC           | 500ms           | a duration as 30s, 5m or 1h, at least 1s",
        "OPERATOR_RESYNC           | 5               | a duration as 30s, 5m or 1h, at least 1s",
        "OPERATOR_RESYNC           | 1d              | a duration as 30s, 5m or 1h, at least 1s",
        "OPERATOR_AUDIT_RATE       | 2               | a rate as 2/s",
        "OPERATOR_AUDIT_RATE       | 0/s             | a rate as 2/s",
        "OPERATOR_AUDIT_RATE       | 2/m             | a rate as 2/s",
        "AWS_ENDPOINT_URL          | 127.0.0.1:4566  | a URL as https://ecr.example.com:4566, or"
            + " the variable unset",
        "AWS_ENDPOINT_URL_ECR      | localhost:4566  | a URL as https://ecr.example.com:4566, or"
            + " the variable unset",
        "AWS_ENDPOINT_URL_ECR_PUBLIC | ftp://127.0.0.1 | a URL as https://ecr.example.com:4566, or"
            + " the variable unset",
        "AWS_ENDPOINT_URL_STS      | ''              | a URL as https://ecr.example.com:4566, or"
            + " the variable unset",
        "AWS_MAX_ATTEMPTS          | x               | a number, at least 1, or the variable unset",
        "AWS_MAX_ATTEMPTS          | 0               | a number, at least 1, or the variable unset",
        "OPERATOR_LOG_FORMAT       | xml             | json or text",
        "OPERATOR_LOG_LEVEL        | trace           | error, warn, info or debug",
        "OPERATOR_LOG_LEVEL        | INFO            | error, warn, info or debug",
      })
  void aBadValueIsNamedInOneLine(String variable, String value, String accepted) {
    assertThatThrownBy(() -> with(variable, value))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(variable + "='" + value + "' cannot be read: accepted is " + accepted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPERATOR_RESYNC     | '5m\n5m'                | '5m 5m'",
        "OPERATOR_RESYNC     | '\u001b[31m5\u2028\u0085' | ' [31m5  '",
        "OPERATOR_AWS_RATES  | 'CreateRepository=1/2,\r\nFoo=x' | 'CreateRepository=1/2,  Foo=x'",
        "AWS_ENDPOINT_URL    | 'https://ecr\n'          | 'https://ecr '",
        "HTTPS_PROXY         | 'a\nhttp://user:secret@proxy' | '***@proxy'",
        "HTTPS_PROXY         | 'http://user:sec\nret@proxy' | 'http://***@proxy'",
      })
  void aBadValueOfSeveralLinesIsToldInOne(String variable, String value, String told) {
    assertThatThrownBy(() -> with(variable, value))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(variable + "='" + told + "' cannot be read: accepted is ");
  }

  /** It lists the operations: one that is misspelt would have no effect. */
  @ParameterizedTest
  @ValueSource(strings = {"CreateRepository=10", "CreateRepositories=10/20"})
  void aRateThatCannotBeReadIsToldWithTheOperationsThatThereAre(String value) {
    assertThatThrownBy(() -> with("OPERATOR_AWS_RATES", value))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(
            "OPERATOR_AWS_RATES='" + value + "' cannot be read: accepted is a list as Create")
        .hasMessageContaining("PutLifecyclePolicy, PutReplicationConfiguration");
  }
}
