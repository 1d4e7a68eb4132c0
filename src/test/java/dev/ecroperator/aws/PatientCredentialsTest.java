package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientCredentialsTest {
  private static final String FILE = "aws.sharedCredentialsFile";
  private static final String CONFIG = "aws.configFile";
  private static final String PROFILE = "aws.profile";
  private static final String KEY_ID = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";
  private static final String METADATA = "aws.ec2MetadataServiceEndpoint";
  private static final String TOKEN_FILE = "aws.webIdentityTokenFile";
  private static final String ROLE = "aws.roleArn";
  private static final String AGENT = "aws.containerCredentialsFullUri";
  private static final String STS = "aws.endpointUrlSts";
  private static final List<String> SETTINGS =
      List.of(FILE, CONFIG, PROFILE, KEY_ID, SECRET, METADATA, TOKEN_FILE, ROLE, AGENT, STS);

  @TempDir Path directory;
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<PatientCredentials> all = new ArrayList<>();

  @BeforeEach
  void thereIsNoFile() {
    System.setProperty(FILE, directory.resolve("no-credentials").toString());
    System.setProperty(CONFIG, directory.resolve("no-config").toString());
  }

  @AfterEach
  void forget() {
    all.forEach(PatientCredentials::end);
    servers.forEach(server -> server.stop(0));
    SETTINGS.forEach(System::clearProperty);
  }

  private PatientCredentials credentials() {
    var credentials = new PatientCredentials();
    all.add(credentials);
    return credentials;
  }

  private String keyId() {
    return credentials().resolveCredentials().accessKeyId();
  }

  /** Who answers something for a path. */
  @FunctionalInterface
  private interface Answers {
    String to(String path) throws InterruptedException;
  }

  /** Starts a server on loopback; where it has no answer, it answers 503. */
  private String serve(Answers answers) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      servers.add(server);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          asked -> {
            try (asked) {
              String answer = answers.to(asked.getRequestURI().getPath());
              byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
              asked.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "600");
              asked.sendResponseHeaders(answer.isEmpty() ? 503 : 200, bytes.length);
              asked.getResponseBody().write(bytes);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.start();
      return "http://127.0.0.1:" + server.getAddress().getPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(String keyId) {
    return """
    {"Code": "Success", "AccessKeyId": "%s", "SecretAccessKey": "secret",
     "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}
    """
        .formatted(keyId);
  }

  private static String xml(String keyId) {
    return """
    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
     <AssumeRoleWithWebIdentityResult>
      <Credentials>
       <AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
       <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
      </Credentials>
     </AssumeRoleWithWebIdentityResult>
    </AssumeRoleWithWebIdentityResponse>
    """
        .formatted(keyId);
  }

  /** The metadata of a node with a role. */
  private void onANode() {
    System.setProperty(
        METADATA,
        serve(
            path ->
                path.endsWith("/token") ? "token" : path.endsWith("/") ? "node" : json("NODE")));
  }

  /** The agent of a pod whose service account has a role. */
  private void withAnAgent() {
    System.setProperty(AGENT, serve(path -> json("POD")) + "/v1/credentials");
  }

  /** A pod with the variables of IRSA. */
  private void withAWebIdentity(String sts) throws IOException {
    System.setProperty(STS, sts);
    System.setProperty(ROLE, "arn:aws:iam::111122223333:role/ecr-operator");
    System.setProperty(
        TOKEN_FILE, Files.writeString(directory.resolve("token"), "token").toString());
  }

  private void write(String setting, String file) throws IOException {
    Path path = directory.resolve(setting);
    Files.writeString(path, file);
    System.setProperty(setting, path.toString());
  }

  /**
   * A client of the SDK that is closed closes what it was given, if that can be closed; and the
   * first client, which asks STS who we are, is closed at once.
   */
  @Test
  void noClientCanCloseThemForAllOthers() {
    assertThat(credentials()).isNotInstanceOf(AutoCloseable.class);
  }

  @Test
  void whatComesFirstInTheStandardOrderServesWhenItComes() throws IOException {
    write(FILE, "[default]\naws_access_key_id = OTHERWISE\naws_secret_access_key = secret\n");
    var credentials = credentials();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("OTHERWISE");

    System.setProperty(KEY_ID, "FIRST");
    System.setProperty(SECRET, "secret");
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("FIRST");
  }

  @Test
  void aNodesRoleServesWhereNothingElseIsConfigured() {
    onANode();
    assertThat(keyId()).isEqualTo("NODE");
  }

  /** The node may be in another account, whose registry would be taken for the operator's own. */
  @Test
  void thePodsOwnRoleIsNotReplacedByThatOfItsNode() throws IOException {
    onANode();
    withAWebIdentity(serve(path -> xml("IRSA")));
    System.setProperty(TOKEN_FILE, directory.resolve("not-there-yet").toString());
    assertThatThrownBy(this::keyId)
        .hasMessageStartingWith(PatientCredentials.NONE)
        .hasMessageContaining("not-there-yet");
  }

  @Test
  void aNamedProfileThatFailsIsReplacedByNobody() throws IOException {
    onANode();
    withAnAgent();
    write(
        CONFIG,
        """
        [profile ecr]
        role_arn = arn:aws:iam::222222222222:role/ecr
        credential_source = EcsContainer
        endpoint_url = %s
        """
            .formatted(serve(path -> "")));
    System.setProperty(PROFILE, "ecr");
    assertThatThrownBy(this::keyId).hasMessageStartingWith(PatientCredentials.NONE);

    System.setProperty(PROFILE, "misspelt");
    assertThatThrownBy(this::keyId)
        .hasMessageStartingWith(PatientCredentials.NONE)
        .hasMessageContaining("misspelt")
        .hasMessageNotContaining("ProfileFile(");
  }

  @Test
  void aDefaultProfileThatFailsIsReplacedByNobody() throws IOException {
    onANode();
    write(CONFIG, "[default]\ncredential_process = /bin/false\n");
    assertThatThrownBy(this::keyId).hasMessageStartingWith(PatientCredentials.NONE);
  }

  /** As while it is being rewritten. */
  @Test
  void aDefaultProfileThatServedIsReplacedByNobodyWhenItIsGone() throws IOException {
    onANode();
    write(FILE, "[default]\naws_access_key_id = FILE\naws_secret_access_key = secret\n");
    var credentials = credentials();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("FILE");

    write(FILE, "");
    // The SDK looks once a second whether the file is another.
    Throwable failed =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () ->
                    catchThrowable(
                        () ->
                            assertThat(credentials.resolveCredentials().accessKeyId())
                                .isEqualTo("FILE")),
                Objects::nonNull);
    assertThat(failed).hasMessageStartingWith(PatientCredentials.NONE);
  }

  @Test
  void aDefaultProfileWithoutCredentialsIsNoIdentity() throws IOException {
    withAnAgent();
    write(CONFIG, "[default]\nregion = eu-west-1\n");
    assertThat(keyId()).isEqualTo("POD");
  }

  @Test
  void aWebIdentityThatFailsIsNotReplacedByThatOfThePodOrAProfile() throws IOException {
    withAnAgent();
    write(FILE, "[default]\naws_access_key_id = FILE\naws_secret_access_key = secret\n");
    withAWebIdentity(serve(path -> ""));
    assertThatThrownBy(this::keyId).hasMessageStartingWith(PatientCredentials.NONE);
  }

  @Test
  void aKeyOfWhichThereIsHalfIsReplacedByNobody() {
    withAnAgent();
    System.setProperty(KEY_ID, "HALF");
    assertThatThrownBy(this::keyId)
        .hasMessageStartingWith(PatientCredentials.NONE)
        .hasMessageContaining("Secret key must be specified");
  }
}
