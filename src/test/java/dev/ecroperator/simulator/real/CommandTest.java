package dev.ecroperator.simulator.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandTest {
  private static ProcessBuilder shell(String script) {
    return new ProcessBuilder("sh", "-c", script);
  }

  @Test
  void itsEndAndAllThatItPrintedAreTold() {
    Command.Answer answer = Command.run(shell("echo one; echo two >&2; cat; exit 3"));

    assertThat(answer.exitCode()).isEqualTo(3);
    assertThat(answer.output()).isEqualTo("one\ntwo\n");
    assertThatThrownBy(answer::succeeded).hasMessageContainingAll("sh -c", "ended with 3", "two");
    assertThat(Command.run("echo", "fine").succeeded()).isEqualTo("fine\n");
  }

  @Test
  void whatDoesNotEndIsEndedAndItsWordsAreTold() {
    assertThatThrownBy(
            () -> Command.run(shell("echo begun; exec sleep 3600"), Duration.ofSeconds(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("does not end within PT2S", "begun");
  }
}
