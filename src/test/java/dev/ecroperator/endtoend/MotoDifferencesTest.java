package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The list of what moto gets wrong stays true to the tests. */
class MotoDifferencesTest {

  @Test
  void everyListedTestExistsAndItsClassAsksTheList() throws ClassNotFoundException {
    for (String test : MotoDifferences.REASONS.keySet()) {
      String[] parts = test.split("\\.", 2);
      Class<?> type = Class.forName(getClass().getPackageName() + "." + parts[0]);
      if (parts.length == 2) {
        assertThat(Arrays.stream(type.getDeclaredMethods()).map(Method::getName))
            .contains(parts[1]);
      }
      ExtendWith extended = type.getAnnotation(ExtendWith.class);
      assertThat(extended).as(parts[0]).isNotNull();
      assertThat(extended.value()).contains(MotoDifferences.class);
    }
  }
}
