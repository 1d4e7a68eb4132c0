package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.json.MalformedDocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'Principal': '*'                                   | 'Principal': {'AWS': ['*']}
          'Principal': {'AWS': '111122223333'}               | 'Principal': {'AWS': 'arn:aws:iam::111122223333:root'}
          'Principal': {'AWS': '111122223333'}               | 'Principal': {'AWS': 'arn:aws-cn:iam::111122223333:root'}
          'NotPrincipal': '*'                                | 'NotPrincipal': {'AWS': '*'}
          'Action': 'ecr:BatchGetImage'                      | 'Action': ['ECR:batchgetimage']
          'Sid': ''                                          | 'Effect': 'Allow'
          'Condition': {}                                    | 'Effect': 'Allow'
          'Condition': {'Bool': {'aws:x': true}}             | 'Condition': {'bool': {'AWS:X': ['true']}}
          'Condition': {'StringEquals': {'aws:x': 5}}        | 'Condition': {'StringEquals': {'aws:x': '5'}}
          'Condition': {'NumericEquals': {'aws:x': '5.0'}}   | 'Condition': {'NumericEquals': {'aws:x': [5]}}
          'Condition': {'A': {'x': '1'}, 'B': {'y': '2'}}    | 'Condition': {'B': {'y': '2'}, 'A': {'x': '1'}}
          """)
  void saysTheSame(String one, String other) {
    assertThat(statement(one)).isEqualTo(statement(other)).hasSameHashCodeAs(statement(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'Effect': 'Allow'                                | 'Effect': 'Deny'
          'Effect': 'Allow'                                | 'Effect': 'allow'
          'Principal': '*'                                 | 'NotPrincipal': '*'
          'Principal': '*'                                 | 'Principal': {'AWS': ['*', '111122223333']}
          'Principal': {'AWS': '111122223333'}             | 'Principal': {'AWS': '111122223334'}
          'Principal': {'AWS': '111122223333'}             | 'Principal': {'CanonicalUser': '111122223333'}
          'Principal': {'Federated': '111122223333'}       | 'Principal': {'Federated': 'arn:aws:iam::111122223333:root'}
          'Principal': {'AWS': 'arn:aws:iam::111122223333:role/a'} | 'Principal': {'AWS': 'arn:aws-cn:iam::111122223333:role/a'}
          'Principal': {'AWS': 'arn:aws:iam::111122223333:role/a'} | 'Principal': {'AWS': 'arn:aws:iam::111122223333:role/A'}
          'Action': 'ecr:*'                                | 'NotAction': 'ecr:*'
          'Resource': 'a'                                  | 'Resource': 'A'
          'Sid': 'A'                                       | 'Sid': 'a'
          'Condition': {'StringEquals': {'x': 'a'}}        | 'Condition': {'StringEquals': {'x': 'A'}}
          'Condition': {'StringEquals': {'x': '5.0'}}      | 'Condition': {'StringEquals': {'x': '5'}}
          'Condition': {'StringEquals': {'x': ['1', '2']}} | 'Condition': {'StringEquals': {'x': '1', 'X': '2'}}
          'Condition': {'StringEquals': {'x': '1'}}        | 'Condition': {'StringLike': {'x': '1'}}
          'Condition': {'StringLi\u212Ae': {'x': '1'}}     | 'Condition': {'StringLike': {'x': '1'}}
          'Condition': {'StringLike': {'aws:\u212A': '1'}} | 'Condition': {'StringLike': {'aws:k': '1'}}
          'Condition': {'NumericEquals': {'x': '\u0665'}}  | 'Condition': {'NumericEquals': {'x': '5'}}
          'Action': 'ecr:\u212Aeep'                        | 'Action': 'ecr:keep'
          'New': [1, 2]                                    | 'New': [2, 1]
          'New': 1                                         | 'New': '1'
          """)
  void saysAnother(String one, String other) {
    assertThat(statement(one)).isNotEqualTo(statement(other));
  }

  private static PolicyDocument statement(String elements) {
    String effect = elements.startsWith("'Effect'") ? "" : ", 'Effect': 'Allow'";
    return read("{'Statement': {" + elements + effect + "}}");
  }

  private static PolicyDocument read(String json) {
    return PolicyDocument.parse(json.replace('\'', '"'));
  }

  @Test
  void versionAbsentIsTheOldOne() {
    PolicyDocument absent = read("{'Statement': {'Effect': 'Deny'}}");
    assertThat(read("{'Version': '2008-10-17', 'Statement': [{'Effect': 'Deny'}]}"))
        .isEqualTo(absent);
    assertThat(read("{'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny'}]}"))
        .isNotEqualTo(absent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  \n", "{}", "{'Version': '2012-10-17'}", "{'Id': 'x', 'Statement': []}"})
  void noStatementIsNone(String json) {
    assertThat(read(json)).isEqualTo(PolicyDocument.none());
    assertThat(read(json).isNone()).isTrue();
    assertThat(read(json).json()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'statement': []}           | $: the member Statement is missing
          {'Statement': null}         | $.Statement: null
          {'Statement': [{}, 'secret']} | $.Statement[1]: a string
          """)
  void otherShapesAreMalformed(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedDocumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatWasGivenIsKept() {
    String json =
        "{'Future':[1.50,-0,1E5,'\u00e9\u20ac\ud83d\ude00\\u0007'],'Statement':{'Sid':'a/b'}}"
            .replace('\'', '"');
    assertThat(PolicyDocument.parse(json).json()).isEqualTo(json);
  }

  @Test
  void versionAndIdStayWhenStatementsAreReplaced() {
    PolicyDocument before =
        read("{'Version':'2008-10-17','Statement':[{'Effect':'Deny'}],'Id':'x'}");
    PolicyDocument owned = read("{'Version':'2012-10-17','Statement':{'Sid':'Mine'}}");
    assertThat(before.withStatements("Mine"::equals, owned).json())
        .isEqualTo(
            "{'Version':'2008-10-17','Statement':[{'Effect':'Deny'},{'Sid':'Mine'}],'Id':'x'}"
                .replace('\'', '"'));
  }

  @Test
  void statementsThatNobodyOwnsAreNotPutIn() {
    PolicyDocument foreign = read("{'Statement': {'Effect': 'Deny'}}");
    assertThatThrownBy(() -> PolicyDocument.none().withStatements("Mine"::equals, foreign))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthIsThatOfWhatIsSent() {
    String spaces = " ".repeat(PolicyDocument.MAX_LENGTH);
    assertThat(read("{" + spaces + "'Statement': {'Effect': 'Deny'}}").problem()).isEmpty();
    String text = "x".repeat(PolicyDocument.MAX_LENGTH);
    assertThat(read("{'Statement': {'Sid': '" + text + "'}}").problem().orElseThrow())
        .contains("10240")
        .doesNotContain("xx");
  }

  @Test
  void toStringIsShortAndWithoutContent() {
    assertThat(read("{'Statement': {'Sid': 'secret'}}"))
        .hasToString("PolicyDocument[1 statements, 30 characters]");
  }
}
