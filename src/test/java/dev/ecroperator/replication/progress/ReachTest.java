package dev.ecroperator.replication.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final NavigableSet<String> REGISTRY =
      new TreeSet<>(List.of("base/jre", "base/jre-debug", "payments/api", "payments/api2", "web"));

  private static Reach reach(List<String> prefixes, List<String> names) {
    return Reach.of(new Selection(new TreeSet<>(prefixes), new TreeSet<>(names)), REGISTRY);
  }

  @Test
  void aNameCatchesWhatBeginsWithIt() {
    Reach reach = reach(List.of(), List.of("base/jre"));

    assertThat(reach.matched()).containsExactly("base/jre", "base/jre-debug");
    assertThat(reach.overMatched()).containsExactly("base/jre-debug");
  }

  @Test
  void whatAPrefixAsksForIsNotOverMatched() {
    Reach reach = reach(List.of("base/"), List.of("base/jre"));

    assertThat(reach.matched()).containsExactly("base/jre", "base/jre-debug");
    assertThat(reach.overMatched()).isEmpty();
  }

  @Test
  void theEmptyPrefixIsTheWholeRegistry() {
    assertThat(reach(List.of(""), List.of()).matched()).isEqualTo(REGISTRY);
  }

  @Test
  void aNameThatDoesNotExistMatchesOnlyItsNeighbours() {
    Reach reach = reach(List.of(), List.of("payments/ap"));

    assertThat(reach.matched()).containsExactly("payments/api", "payments/api2");
    assertThat(reach.overMatched()).containsExactly("payments/api", "payments/api2");
  }
}
