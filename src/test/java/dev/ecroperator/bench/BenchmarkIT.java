package dev.ecroperator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BenchmarkIT {
  @Test
  void aFewRepositoriesCostNoMoreCallsAndWritesThanTheGoals() throws Exception {
    var printed = new ByteArrayOutputStream();
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    Scorecard scorecard = new Benchmark(20, Duration.ofMillis(20), out).run(false);

    assertThat(scorecard.allCountsReached()).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
  }
}
