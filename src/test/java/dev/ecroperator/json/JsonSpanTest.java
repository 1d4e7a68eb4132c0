package dev.ecroperator.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSpanTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"{ \"x\" : [1] }", "[ {} , 2 ]", "\"a\\\"\\u0041}\"", "-1.50e+2", "true", "null"})
  void aValueIsCutOutToTheByte(String value) {
    String object = "\n{ \"other\": {\"a\": 1}, \"\\u0061\" :\t" + value + " , \"b\":2}";
    assertThat(member(object)).isEqualTo(value);
    String list = " [" + value + ", [] ,\t" + value + "]";
    List<JsonSpan> spans = JsonSpan.ofElements(list);
    assertThat(spans.stream().map(each -> each.in(list))).containsExactly(value, "[]", value);
  }

  private static String member(String object) {
    return Objects.requireNonNull(JsonSpan.ofMember(object, "a")).in(object);
  }

  @Test
  void whatStandsDeeperIsNoMember() {
    assertThat(JsonSpan.ofMember("{\"b\":{\"a\":1}}", "a")).isNull();
  }

  @Test
  void longTextsAreCutAlike() {
    String first = "\"" + "x".repeat(50_000) + "\"";
    String object = "{\"b\": " + first + ", \"a\": {\"c\" : " + first + "} }";
    assertThat(member(object)).isEqualTo("{\"c\" : " + first + "}");
  }
}
