package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientCredentialsTest {
  private static final String FILE = "aws.sharedCredentialsFile";
  private static final String KEY_ID = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  @TempDir Path directory;

  @AfterEach
  void forget() {
    List.of(FILE, KEY_ID, SECRET).forEach(System::clearProperty);
  }

  /**
   * A client of the SDK that is closed closes what it was given, if that can be closed; and the
   * first client, which asks STS who we are, is closed at once.
   */
  @Test
  void noClientCanCloseThemForAllOthers() {
    assertThat(new PatientCredentials()).isNotInstanceOf(AutoCloseable.class);
  }

  /** As where a pod's role fails for a moment, and the chain goes on to that of the node. */
  @Test
  void whatComesFirstInTheChainServesAgainWhenItIsBack() throws IOException {
    Path file = directory.resolve("credentials");
    Files.writeString(
        file, "[default]\naws_access_key_id = OTHERWISE\naws_secret_access_key = secret\n");
    System.setProperty(FILE, file.toString());
    var credentials = new PatientCredentials();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("OTHERWISE");

    System.setProperty(KEY_ID, "FIRST");
    System.setProperty(SECRET, "secret");
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("FIRST");
    credentials.end();
  }
}
