package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of what the simulator does otherwise stays true to the suite. */
class KubeDifferencesTest {

  @Test
  void everyListedTestExists() {
    var tests =
        Stream.of(ApiServerConformanceIT.class, KubectlConformanceIT.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(KubeDifferencesTest::name);

    assertThat(tests).containsAll(KubeDifferences.REASONS.keySet());
  }

  private static String name(Method test) {
    return test.getDeclaringClass().getSimpleName() + "." + test.getName();
  }
}
