package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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

  private static final String METADATA = "aws.ec2MetadataServiceEndpoint";
  private static final String TOKEN_FILE = "aws.webIdentityTokenFile";
  private static final String ROLE = "aws.roleArn";

  @TempDir Path directory;

  @AfterEach
  void forget() {
    List.of(FILE, KEY_ID, SECRET, METADATA, TOKEN_FILE, ROLE).forEach(System::clearProperty);
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

  /** The node may be in another account, whose registry would be taken for the operator's own. */
  @Test
  void thePodsOwnRoleIsNotReplacedByThatOfItsNode() throws IOException {
    var node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/", PatientCredentialsTest::answerAsNode);
    node.start();
    try {
      System.setProperty(FILE, directory.resolve("none").toString());
      System.setProperty(METADATA, "http://127.0.0.1:" + node.getAddress().getPort());
      var ofNode = new PatientCredentials();
      assertThat(ofNode.resolveCredentials().accessKeyId()).isEqualTo("NODE");
      ofNode.end();

      System.setProperty(TOKEN_FILE, directory.resolve("not-there-yet").toString());
      System.setProperty(ROLE, "arn:aws:iam::111122223333:role/ecr-operator");
      var ofPod = new PatientCredentials();
      assertThatThrownBy(ofPod::resolveCredentials)
          .hasMessageStartingWith(PatientCredentials.NONE)
          .hasMessageContaining("not-there-yet");
      ofPod.end();
    } finally {
      node.stop(0);
    }
  }

  private static void answerAsNode(HttpExchange asked) throws IOException {
    String path = asked.getRequestURI().getPath();
    String answer =
        path.endsWith("/token")
            ? "token"
            : path.endsWith("/")
                ? "node"
                : """
                {"Code": "Success", "AccessKeyId": "NODE", "SecretAccessKey": "secret",
                 "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}
                """;
    try (asked) {
      asked.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "600");
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      asked.sendResponseHeaders(200, bytes.length);
      asked.getResponseBody().write(bytes);
    }
  }
}
