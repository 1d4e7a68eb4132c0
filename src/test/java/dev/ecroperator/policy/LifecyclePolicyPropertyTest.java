package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.json.RandomJson;
import dev.ecroperator.json.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LifecyclePolicyPropertyTest {
  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameMeaningIsEqual(long seed) {
    var random = Seeds.random(seed);
    RandomLifecycles policies = new RandomLifecycles(random);
    ObjectNode original = policies.policy();
    JsonNode rewritten = policies.rewrite(original);
    LifecyclePolicy one = LifecyclePolicy.parse(original.toString());
    LifecyclePolicy other = LifecyclePolicy.parse(new RandomJson(random).text(rewritten));
    String context = Seeds.replay(seed, original, rewritten);
    assertThat(one.problem()).as(context).isEmpty();
    assertThat(other).as(context).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(other.json()).as(context).doesNotContain("null");
    assertThat(LifecyclePolicy.parse(other.json())).as(context).isEqualTo(other);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anotherMeaningIsNotEqual(long seed) {
    RandomLifecycles policies = new RandomLifecycles(Seeds.random(seed));
    ObjectNode original = policies.policy();
    ObjectNode changed = policies.change(original);
    assertThat(LifecyclePolicy.parse(policies.rewrite(changed).toString()))
        .as(Seeds.replay(seed, original, changed))
        .isNotEqualTo(LifecyclePolicy.parse(original.toString()));
  }
}
