package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.json.Seeds;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies as anybody may have mistyped them. */
class MalformedPoliciesTest {
  @ParameterizedTest
  @MethodSource("dev.ecroperator.json.StrictJsonTest#badInput")
  void badInputIsMalformed(String text) {
    assertThatThrownBy(() -> PolicyDocument.parse(text))
        .isInstanceOf(MalformedDocumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n"));
    assertThatThrownBy(() -> LifecyclePolicy.parse(text))
        .isInstanceOf(MalformedDocumentException.class);
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
