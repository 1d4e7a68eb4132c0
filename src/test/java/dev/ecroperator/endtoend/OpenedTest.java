package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
  private final List<String> closed = new ArrayList<>();
  private final Opened opened = new Opened();

  @Test
  void allIsClosedTheLastFirstWhateverFails() {
    opened.add(() -> closed.add("first"));
    opened.add(
        () -> {
          throw new IllegalStateException("second");
        });
    opened.add(() -> closed.add("third"));
    opened.add(
        () -> {
          throw new AssertionError("fourth");
        });

    assertThatThrownBy(opened::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("fourth")
        .cause()
        .hasSuppressedException(new IllegalStateException("second"));
    assertThat(closed).containsExactly("third", "first");
  }

  @Test
  void whatIsClosedIsNotClosedAgain() {
    opened.add(() -> closed.add("once"));
    opened.close();
    opened.close();
    assertThat(closed).containsExactly("once");
  }
}
