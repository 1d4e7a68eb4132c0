package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.LifecycleActionSpec;
import dev.ecroperator.api.LifecycleRuleSpec;
import dev.ecroperator.api.LifecycleSelectionSpec;
import dev.ecroperator.json.MalformedDocumentException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecyclePolicyTest {
  private static final String COUNT = "'countType':'imageCountMoreThan','countNumber':1";
  private static final String AGE =
      "'countType':'sinceImagePushed','countUnit':'days','countNumber':7";

  private static final LifecycleRuleSpec UNTAGGED =
      new LifecycleRuleSpec(
          10,
          null,
          new LifecycleSelectionSpec(
              "untagged", List.of(), null, null, "sinceImagePushed", "days", 7),
          new LifecycleActionSpec("expire", null));

  private static LifecyclePolicy read(String json) {
    return LifecyclePolicy.parse(json.replace('\'', '"'));
  }

  private static LifecyclePolicy selecting(String selection) {
    return read(
        "{'rules':[{'rulePriority':1,'selection':{"
            + selection
            + "},'action':{'type':'expire'}}]}");
  }

  @Test
  void typedRulesAreAwsJsonWithoutWhatWasNotDeclared() {
    LifecyclePolicy policy = LifecyclePolicy.of(List.of(UNTAGGED));
    assertThat(policy.json())
        .isEqualTo(
            "{'rules':[{'rulePriority':10,'selection':{'tagStatus':'untagged',"
                .concat(AGE)
                .concat("},'action':{'type':'expire'}}]}")
                .replace('\'', '"'));
    assertThat(policy.problem()).isEmpty();
    assertThat(policy).isEqualTo(LifecyclePolicy.parse(policy.json()));
  }

  @Test
  void aTagThatIsRepeatedInATypedRuleIsWrittenOnce() {
    List<String> twice = List.of("v", "w", "v");
    var selection =
        new LifecycleSelectionSpec("tagged", twice, twice, null, "imageCountMoreThan", null, 1);
    var rule = new LifecycleRuleSpec(1, null, selection, null);
    assertThat(LifecyclePolicy.of(List.of(rule)).json())
        .contains("\"tagPatternList\":[\"v\",\"w\"]", "\"tagPrefixList\":[\"v\",\"w\"]");
  }

  @Test
  void typedRulesWithHolesHaveAProblem() {
    assertThat(
            LifecyclePolicy.of(List.of(UNTAGGED, new LifecycleRuleSpec(null, null, null, null)))
                .problem()
                .orElseThrow())
        .isEqualTo(
            "rules[1].rulePriority: is missing; rules[1].selection: is missing; rules[1].action: is"
                + " missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{}", "{'rules':[]}", "{'x':1,'rules':[]}"})
  void noRuleIsNone(String json) {
    assertThat(read(json)).isEqualTo(LifecyclePolicy.none());
    assertThat(read(json).isNone()).isTrue();
    assertThat(read(json).json()).isEmpty();
    assertThat(LifecyclePolicy.of(List.of())).isEqualTo(LifecyclePolicy.none());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Rules':[]}",
        "{'rules':{}}",
        "{'rules':[5]}",
        "{'rules':[{'x':[null]}]}",
        // Null is no way to say that there shall be no policy.
        "{'rules':null}",
        "{'Rules':null}",
        "{'rules':[null]}"
      })
  void otherShapesAreMalformed(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedDocumentException.class);
  }

  @Test
  void emptyTagListsAreNotSentForEcrWantsThemLeftOut() {
    LifecyclePolicy policy =
        selecting("'tagStatus':'tagged','tagPrefixList':['v'],'tagPatternList':[]," + AGE);
    assertThat(policy.json()).contains("tagPrefixList").doesNotContain("tagPatternList");
    assertThat(selecting("'tagStatus':'any','tagPrefixList':[]," + AGE).json())
        .doesNotContain("tagPrefixList");
  }

  @Test
  void shortPoliciesArePadded() {
    LifecyclePolicy shortOne = read("{'rules':[{'rulePriority':1}]}");
    assertThat(shortOne.json()).hasSize(LifecyclePolicy.MIN_LENGTH);
    assertThat(LifecyclePolicy.parse(shortOne.json())).isEqualTo(shortOne);
  }

  @Test
  void tooMuchIsAProblem() {
    assertThat(selecting("'tagStatus':'" + "x".repeat(LifecyclePolicy.MAX_LENGTH) + "'").problem())
        .hasValueSatisfying(text -> assertThat(text).contains("30720").doesNotContain("xx"));
    assertThat(LifecyclePolicy.of(Collections.nCopies(51, UNTAGGED)).problem())
        .hasValue("rules: 51 rules; ECR accepts at most 50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'tagStatus':'untagged',COUNT
          'tagStatus':'any',AGE
          'tagStatus':'tagged','tagPrefixList':['v'],AGE
          'tagStatus':'tagged','tagPatternList':['*a*b*c*'],AGE
          'tagStatus':'untagged','tagPrefixList':[],AGE
          'tagStatus':'any','storageClass':'archive','countType':'sinceImageTransitioned','countUnit':'days','countNumber':90
          'tagStatus':'tagged','tagRegexList':['v'],AGE
          'tagStatus':'signed','tagPrefixList':['v'],AGE
          'tagStatus':'any','storageClass':'deep','countType':'sinceImageTransitioned','countUnit':'days','countNumber':7
          'tagStatus':'any','countType':'bytesMoreThan','countUnit':'MB','countNumber':7
          'tagStatus':'any','countType':'sinceImagePushed','countUnit':'hours','countNumber':7
          """)
  void acceptedSelections(String selection) {
    assertThat(selecting(expand(selection)).problem()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          COUNT                                                         | rules[0].selection.tagStatus: is missing
          'tagStatus':5,COUNT                                           | rules[0].selection.tagStatus: a number
          'tagStatus':'tagged',COUNT                                    | rules[0].selection: tagStatus tagged needs
          'tagStatus':'tagged','tagPrefixList':[],COUNT                 | rules[0].selection: tagStatus tagged needs
          'tagStatus':'any','tagPrefixList':['v'],COUNT                 | rules[0].selection: tagPatternList and tagPrefixList are for
          'tagStatus':'tagged','tagPrefixList':['v'],'tagPatternList':['v'],COUNT | rules[0].selection: tagPatternList and tagPrefixList exclude
          'tagStatus':'tagged','tagPatternList':['a','*a*b*c*d*'],COUNT | rules[0].selection.tagPatternList[1]: at most 4
          'tagStatus':'tagged','tagPrefixList':[''],COUNT               | rules[0].selection.tagPrefixList[0]: empty
          'tagStatus':'any','countUnit':'days',COUNT                    | rules[0].selection.countUnit: is not accepted
          'tagStatus':'any','countType':'sinceImagePulled','countNumber':7 | rules[0].selection.countUnit: is missing
          'tagStatus':'any','countNumber':7                             | rules[0].selection.countType: is missing
          'tagStatus':'any','countType':'imageCountMoreThan'            | rules[0].selection.countNumber: is missing
          'tagStatus':'any','countType':'imageCountMoreThan','countNumber':0 | rules[0].selection.countNumber: a whole
          'tagStatus':'any','countType':'imageCountMoreThan','countNumber':1.5 | rules[0].selection.countNumber: a whole
          'tagStatus':'any','countType':'imageCountMoreThan','countNumber':'1' | rules[0].selection.countNumber: a whole
          'tagStatus':'any','storageClass':'archive',AGE                | rules[0].selection.countType: archive goes with
          'tagStatus':'any','storageClass':'archive','countType':'sinceImageTransitioned','countUnit':'days','countNumber':89 | rules[0].selection.countNumber: at least 90 days
          'tagStatus':'any','countType':'sinceImagePulled','countUnit':'days','countNumber':180 | rules[0].action.type: sinceImagePulled goes with transition only
          'tagStatus':'any','countType':'sinceImageTransitioned','countUnit':'days','countNumber':7 | rules[0].selection.storageClass: archive is needed
          """)
  void refusedSelections(String selection, String problem) {
    assertThat(selecting(expand(selection)).problem().orElseThrow()).startsWith(problem);
  }

  private static String expand(String selection) {
    return selection.replace("COUNT", COUNT).replace("AGE", AGE);
  }

  private static String rule(int priority, String tagStatus, String action) {
    return "{'rulePriority':%d,'selection':{'tagStatus':'%s',%s},'action':{%s}}"
        .formatted(priority, tagStatus, COUNT, action);
  }

  private static String problemOf(String... rules) {
    return read("{'rules':[" + String.join(",", rules) + "]}").problem().orElse("");
  }

  @Test
  void rulesAreJudgedTogether() {
    String expire = "'type':'expire'";
    assertThat(problemOf(rule(1, "untagged", expire), rule(2, "any", expire))).isEmpty();
    assertThat(problemOf(rule(1, "untagged", expire), rule(1, "any", expire)))
        .startsWith("rules[1].rulePriority: rules[0] has the same");
    assertThat(problemOf(rule(2, "untagged", expire), rule(1, "any", expire)))
        .startsWith("rules[1].rulePriority: a rule for tagStatus any");
    assertThat(problemOf(rule(1, "untagged", expire), rule(2, "untagged", expire)))
        .startsWith("rules[1].selection.tagStatus: one rule");
  }

  @Test
  void actions() {
    assertThat(problemOf(rule(1, "any", "'type':'transition','targetStorageClass':'archive'")))
        .isEmpty();
    assertThat(problemOf(rule(1, "any", "'type':'quarantine','for':'ever'"))).isEmpty();
    assertThat(problemOf(rule(1, "any", "'type':'transition'")))
        .isEqualTo("rules[0].action.targetStorageClass: is missing");
    assertThat(problemOf(rule(1, "any", "'type':'expire','targetStorageClass':'archive'")))
        .isEqualTo("rules[0].action.targetStorageClass: is accepted with transition only");
    assertThat(problemOf(rule(1, "any", ""))).isEqualTo("rules[0].action.type: is missing");
  }

  @Test
  void imagesAreArchivedForWantOfPullsAndExpireFromTheArchive() {
    String archive = "'type':'transition','targetStorageClass':'archive'";
    String pulled = "'countType':'sinceImagePulled','countUnit':'days','countNumber':1";
    String archived =
        "'storageClass':'archive','countType':'sinceImageTransitioned','countUnit':'days',"
            + "'countNumber':90";
    assertThat(problemOf(rule(1, "any", archive).replace(COUNT, pulled))).isEmpty();
    assertThat(problemOf(rule(1, "any", "'type':'quarantine'").replace(COUNT, pulled))).isEmpty();
    assertThat(problemOf(rule(1, "any", archive).replace(COUNT, archived)))
        .isEqualTo("rules[0].action.type: sinceImageTransitioned goes with expire only");
  }
}
