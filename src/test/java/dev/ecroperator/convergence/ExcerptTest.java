package dev.ecroperator.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void whatFitsStaysWhole() {
    assertThat(Excerpt.of("", 3)).isEmpty();
    assertThat(Excerpt.of("abc", 3)).isEqualTo("abc");
    assertThat(Excerpt.of("a😀b", 3)).isEqualTo("a😀b");
  }

  @Test
  void whatIsLongerEndsWithAnEllipsisThatCounts() {
    assertThat(Excerpt.of("abcd", 3)).isEqualTo("ab…");
  }

  @Test
  void noCharacterIsCutInTwo() {
    assertThat(Excerpt.of("a😀😀😀", 3)).isEqualTo("a😀…");
  }
}
