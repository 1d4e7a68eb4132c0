package dev.ecroperator.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  static Stream<String> badInput() {
    return Stream.of(
        "[",
        "{",
        "}",
        "null",
        "[]",
        "[{\"Statement\":[]}]",
        "5",
        "\"x\"",
        "{} {}",
        "{}]",
        "{}x",
        "{\"a\":1,\"a\":2}",
        "{\"Statement\":{\"a\":1,\"\\u0061\":2}}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{/* */}",
        "\uFEFF{}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\ud800\"}",
        "{\"a\":\"\udc00\ud800\"}",
        "{\"\ud800\":1}",
        "{\"a\":1e99999999999}",
        "{\"a\":1e2147483647}",
        "{\"a\":-1000e2147483647}",
        "{\"a\":1e-2147483648}",
        "{\"a\":" + "9".repeat(10_000) + "}",
        "[".repeat(40_000),
        "{\"a\":".repeat(5_000),
        "{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}",
        " ".repeat(1_000_000) + "{}",
        "\u0000",
        "{\"a\":\u00a01}",
        "tru",
        "{\"a\":secretsecretsecretsecretsecretsecretsecretsecretsecret}");
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void badInputIsMalformed(String text) {
    assertThatThrownBy(() -> StrictJson.read(text, 100_000))
        .isInstanceOf(MalformedDocumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 1_001, 9_000})
  void aNumberOfTooManyDigitsIsSaidToBeOne(int digits) {
    assertThatThrownBy(() -> StrictJson.read("{\"a\":" + "9".repeat(digits) + "}", 100_000))
        .hasMessageContaining("64")
        .hasMessageNotContaining("not JSON");
  }

  @Test
  void digitsOfOtherScriptsSpellNoNumber() {
    assertThat(StrictJson.boundedNumber("\u0665")).isEmpty();
    assertThat(StrictJson.boundedNumber("1.\uff10")).isEmpty();
    assertThat(StrictJson.boundedNumber("1.0")).hasValue(BigDecimal.ONE);
  }

  @Test
  void depthOfThirtyTwoIsRead() {
    String text = "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}";
    assertThat(StrictJson.read(text, 1000).compact()).isEqualTo(text);
  }

  @Test
  void messagesSayWhere() {
    assertMessage("{\n  \"a\": 1,\n  b\n}", "line 3, column ");
    assertMessage("{\"Statement\":[{\"Sid\":1,\"Sid\":2}]}", "$.Statement[0].Sid: stands twice");
    assertMessage("{\"a\":[1,\"\\ud800\"]}", "$.a[1]: holds half");
    assertMessage("{\"a\":{", "line 1, column ");
  }

  private static void assertMessage(String text, String start) {
    assertThatThrownBy(() -> StrictJson.read(text, 1000))
        .isInstanceOf(MalformedDocumentException.class)
        .hasMessageStartingWith(start)
        .hasNoCause();
  }

  @Test
  void messagesKeepTheDocumentToThemselves() {
    String secret = "hunter2";
    for (String text :
        new String[] {
          "{\"a\":\"" + secret + "\"",
          "{\"a\":\"" + secret + "\" 5}",
          "{\"a\":\"" + secret + "\",\"a\":1}",
          "{\"a\":[\"" + secret + "\"}",
          "{\"a\":\"" + secret,
          "{\"a\":\"" + secret + "\\ud800\"}",
          "{\"a\":\"" + secret + "\"} " + secret.charAt(0),
        }) {
      assertThatThrownBy(() -> StrictJson.read(text, 1000))
          .isInstanceOf(MalformedDocumentException.class)
          .hasMessageNotContaining(secret)
          .hasNoCause();
    }
  }
}
