package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.aws.CallRates.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallRatesTest {
  @Test
  void aListReplacesTheRatesOfTheOperationsItNames() {
    CallRates rates = CallRates.parse("CreateRepository=1/2, GetLifecyclePolicy=30/40");
    assertThat(rates.of("CreateRepository")).isEqualTo(new Rate(1, 2));
    assertThat(rates.of("GetLifecyclePolicy")).isEqualTo(new Rate(30, 40));
    assertThat(rates.of("DeleteRepository")).isEqualTo(CallRates.BUILT_IN.of("DeleteRepository"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeRepositories",
        "GetRepositoryPolicy",
        "ListTagsForResource",
        "BatchGetRepositoryScanningConfiguration"
      })
  void readsMayBeMoreThanWrites(String read) {
    Rate reads = CallRates.BUILT_IN.of(read);
    Rate writes = CallRates.BUILT_IN.of("PutLifecyclePolicy");
    assertThat(reads.perSecond()).isGreaterThan(writes.perSecond());
    assertThat(CallRates.BUILT_IN.of("BatchDeleteImage")).isEqualTo(writes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "TagResource=1",
        "TagResource=1/",
        "TagResource=0/1",
        "TagResource=1/0",
        "TagResource=-1/1",
        "TagResource=1/2,",
        ",TagResource=1/2",
        "TagResource=1.5/2",
        "CreateRepositories=1/1"
      })
  void whatIsNoListIsRefused(String text) {
    assertThatThrownBy(() -> CallRates.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBucketHoldsItsBurst() {
    var bucket = new Rate(1, 3).bucket();
    assertThat(bucket.getAvailableTokens()).isEqualTo(3);
    assertThat(bucket.tryConsume(3)).isTrue();
    assertThat(bucket.tryConsume(1)).isFalse();
  }
}
