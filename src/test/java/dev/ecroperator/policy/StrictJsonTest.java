package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    assertThatThrownBy(() -> PolicyDocument.parse(text))
        .isInstanceOf(MalformedDocumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n"));
    assertThatThrownBy(() -> LifecyclePolicy.parse(text))
        .isInstanceOf(MalformedDocumentException.class);
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

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mutatedDocumentsAreReadOrMalformed(long seed) {
    RandomGenerator random = Seeds.random(seed);
    String policy = new RandomPolicies(random).document().toString();
    String lifecycle = new RandomLifecycles(random).policy().toString();
    for (int i = 0; i < 25; i++) {
      String badPolicy = mutated(policy, random);
      String badLifecycle = mutated(lifecycle, random);
      try {
        PolicyDocument read = PolicyDocument.parse(badPolicy);
        assertThat(PolicyDocument.parse(read.json())).as(Seeds.replay(seed)).isEqualTo(read);
        assertThat(read.problem()).isNotNull();
      } catch (MalformedDocumentException e) {
        assertThat(e).as(Seeds.replay(seed, badPolicy)).hasMessageContaining(": ");
      }
      try {
        LifecyclePolicy read = LifecyclePolicy.parse(badLifecycle);
        assertThat(LifecyclePolicy.parse(read.json())).as(Seeds.replay(seed)).isEqualTo(read);
        assertThat(read.problem()).isNotNull();
      } catch (MalformedDocumentException e) {
        assertThat(e).as(Seeds.replay(seed, badLifecycle)).hasMessageContaining(": ");
      }
    }
  }

  private static String mutated(String text, RandomGenerator random) {
    StringBuilder mutated = new StringBuilder(text);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count && !mutated.isEmpty(); i++) {
      int at = random.nextInt(mutated.length());
      String junk = "{}[]\",:\\0123456789eE.+-ntf \n\u0000\ud800\udc00\ufeff\u00e9*";
      char c = junk.charAt(random.nextInt(junk.length()));
      switch (random.nextInt(4)) {
        case 0 -> mutated.setCharAt(at, c);
        case 1 -> mutated.insert(at, c);
        case 2 -> mutated.deleteCharAt(at);
        default -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(20)));
      }
    }
    return mutated.toString();
  }
}
