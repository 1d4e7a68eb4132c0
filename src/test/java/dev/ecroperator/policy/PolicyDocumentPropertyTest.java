package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.json.RandomJson;
import dev.ecroperator.json.Seeds;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyDocumentPropertyTest {
  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameMeaningIsEqual(long seed) {
    var random = Seeds.random(seed);
    RandomPolicies policies = new RandomPolicies(random);
    ObjectNode original = policies.document();
    JsonNode rewritten = policies.rewrite(original);
    PolicyDocument one = PolicyDocument.parse(original.toString());
    PolicyDocument other = PolicyDocument.parse(new RandomJson(random).text(rewritten));
    assertThat(other).as(Seeds.replay(seed, original, rewritten)).isEqualTo(one);
    assertThat(other).as(Seeds.replay(seed, original, rewritten)).hasSameHashCodeAs(one);
    assertThat(PolicyDocument.parse(other.json())).as(Seeds.replay(seed)).isEqualTo(other);
    assertThat(PolicyDocument.parse(other.json()).json()).isEqualTo(other.json());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anotherMeaningIsNotEqual(long seed) {
    RandomPolicies policies = new RandomPolicies(Seeds.random(seed));
    ObjectNode original = policies.document();
    ObjectNode changed = policies.change(original);
    JsonNode rewritten = policies.rewrite(changed);
    assertThat(PolicyDocument.parse(rewritten.toString()))
        .as(Seeds.replay(seed, original, changed, rewritten))
        .isNotEqualTo(PolicyDocument.parse(original.toString()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void foreignStatementsStayToTheByte(long seed) {
    RandomPolicies policies = new RandomPolicies(Seeds.random(seed));
    JsonNode foreign = policies.rewrite(policies.document());
    PolicyDocument before = PolicyDocument.parse(foreign.toString());
    PolicyDocument first = PolicyDocument.parse(policies.ownedDocument().toString());
    PolicyDocument second = PolicyDocument.parse(policies.ownedDocument().toString());

    PolicyDocument merged =
        before
            .withStatements(AccessGrants.OWNED_SIDS, first)
            .withStatements(AccessGrants.OWNED_SIDS, second);

    String context = Seeds.replay(seed, foreign, second.json(), merged.json());
    assertThat(merged.onlyStatements(AccessGrants.OWNED_SIDS)).as(context).isEqualTo(second);
    assertThat(merged.json()).as(context).contains(foreignText(foreign));
    PolicyDocument cleared = merged.withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none());
    assertThat(cleared).as(context).isEqualTo(before);
    assertThat(bracketed(cleared.json())).as(context).isEqualTo(bracketed(before.json()));
  }

  private static String foreignText(JsonNode document) {
    String text = document.path("Statement").toString();
    return text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
  }

  /** The text with a single statement in brackets, as merging leaves it. */
  private static String bracketed(String json) {
    PolicyDocument owned =
        PolicyDocument.parse("{\"Statement\":{\"Sid\":\"EcrOperatorPullX\",\"Effect\":\"Deny\"}}");
    return PolicyDocument.parse(json).withStatements(AccessGrants.OWNED_SIDS, owned).json();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void equalityIsTransitiveOverRewrites(long seed) {
    RandomPolicies policies = new RandomPolicies(Seeds.random(seed));
    ObjectNode original = policies.document();
    List<PolicyDocument> all =
        List.of(
            PolicyDocument.parse(policies.rewrite(original).toString()),
            PolicyDocument.parse(policies.rewrite(original).toString()));
    assertThat(all.getFirst()).as(Seeds.replay(seed, original)).isEqualTo(all.getLast());
  }
}
