package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatientCredentialsTest {
  /**
   * A client of the SDK that is closed closes what it was given, if that can be closed; and the
   * first client, which asks STS who we are, is closed at once.
   */
  @Test
  void noClientCanCloseThemForAllOthers() {
    assertThat(new PatientCredentials()).isNotInstanceOf(AutoCloseable.class);
  }
}
