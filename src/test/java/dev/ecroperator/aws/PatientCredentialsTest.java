package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.aws.Loopback.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;

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
  private final SdkHttpClient http = Apache5HttpClient.create();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
  private final Loopback loopback = new Loopback();
  private final List<PatientCredentials> all = new ArrayList<>();

  @BeforeEach
  void thereIsNoFile() {
    System.setProperty(FILE, directory.resolve("no-credentials").toString());
    System.setProperty(CONFIG, directory.resolve("no-config").toString());
  }

  @AfterEach
  void forget() {
    all.forEach(PatientCredentials::end);
    http.close();
    loopback.close();
    SETTINGS.forEach(System::clearProperty);
  }

  private PatientCredentials credentials() {
    var credentials = new PatientCredentials(Region.EU_WEST_1, http, nanos::get);
    all.add(credentials);
    return credentials;
  }

  private String keyId() {
    return keyId(credentials());
  }

  /** However slow the machine is. */
  private static String keyId(PatientCredentials credentials) {
    while (true) {
      try {
        return credentials.resolveCredentials().accessKeyId();
      } catch (SdkClientException e) {
        if (!e.toString().contains("no answer within")) {
          throw e;
        }
      }
    }
  }

  /** The metadata of a node with a role. */
  private void onANode() {
    System.setProperty(
        METADATA,
        loopback.serve(
            asked -> {
              String path = asked.getRequestURI().getPath();
              return path.endsWith("/token")
                  ? Answer.ok("token")
                  : path.endsWith("/") ? Answer.ok("node") : Loopback.json("NODE");
            }));
  }

  /** The agent of a pod whose service account has a role. */
  private void withAnAgent() {
    System.setProperty(AGENT, loopback.serve(asked -> Loopback.json("POD")) + "/v1/credentials");
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
    assertThat(keyId(credentials)).isEqualTo("OTHERWISE");

    System.setProperty(KEY_ID, "FIRST");
    System.setProperty(SECRET, "secret");
    assertThat(keyId(credentials)).isEqualTo("FIRST");
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
    withAWebIdentity(loopback.serve(asked -> Loopback.xml("IRSA")));
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
        region = eu-west-1
        role_arn = arn:aws:iam::222222222222:role/ecr
        credential_source = EcsContainer
        endpoint_url = %s
        """
            .formatted(loopback.serve(asked -> Loopback.denied())));
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
    assertThat(keyId(credentials)).isEqualTo("FILE");

    write(FILE, "");
    // By the coarse clock of files it may be older than the first reading, and so no news.
    Files.setLastModifiedTime(directory.resolve(FILE), FileTime.from(Instant.now().plusSeconds(2)));
    // The SDK looks once a second whether the file is another.
    Throwable failed =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> catchThrowable(() -> assertThat(keyId(credentials)).isEqualTo("FILE")),
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
    withAWebIdentity(loopback.serve(asked -> Loopback.denied()));
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

  @Test
  void aWebIdentityServes() throws IOException {
    withAnAgent();
    withAWebIdentity(loopback.serve(asked -> Loopback.xml("IRSA")));
    var credentials = credentials();
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> credentials.resolveCredentials().accessKeyId().equals("IRSA"));
  }

  /** A call of the SDK interrupts its thread when its time is over. */
  @Test
  void whatOneWasTooImpatientToWaitForServesTheNext() throws Exception {
    var slow = new SlowProcess();
    var credentials = credentials();
    var failure = new CompletableFuture<Throwable>();
    Thread impatient =
        Thread.startVirtualThread(
            () -> failure.complete(catchThrowable(credentials::resolveCredentials)));
    await().atMost(Duration.ofMinutes(1)).until(() -> slow.asked() == 1);
    impatient.interrupt();
    assertThat(failure.get()).hasMessageStartingWith(PatientCredentials.NONE);

    slow.answer();
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> credentials.resolveCredentials().accessKeyId().equals("SLOW"));
    assertThat(slow.asked()).isEqualTo(1);
  }

  @Test
  void oneAsksForAllThatWait() throws Exception {
    var slow = new SlowProcess();
    var credentials = credentials();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(Thread.startVirtualThread(() -> keyId(credentials)));
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                waiting.stream()
                    .allMatch(
                        each -> each.getState() == Thread.State.TIMED_WAITING || !each.isAlive()));
    slow.answer();
    for (Thread each : waiting) {
      each.join();
    }
    assertThat(slow.asked()).isEqualTo(1);
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    var slow = new SlowProcess();
    assertThatThrownBy(credentials()::resolveCredentials)
        .hasMessage("Unable to load credentials: no answer within 5 s");
    slow.answer();
  }

  @Test
  void aQuestionThatNobodyAnswersIsAskedAgain() throws Exception {
    var slow = new SlowProcess();
    var credentials = credentials();
    assertThatThrownBy(credentials::resolveCredentials).hasMessageContaining("no answer within");
    await().atMost(Duration.ofMinutes(1)).until(() -> slow.asked() == 1);

    nanos.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThatThrownBy(credentials::resolveCredentials).hasMessageContaining("no answer within");
    await().atMost(Duration.ofMinutes(1)).until(() -> slow.asked() == 2);
    slow.answer();
    assertThat(keyId(credentials)).isEqualTo("SLOW");
  }

  @Test
  void thoseThatAwsRefusesAreAskedForAnewButNotEachTime() {
    var given = new AtomicInteger();
    System.setProperty(
        AGENT, loopback.serve(asked -> Loopback.json("KEY" + given.incrementAndGet())));
    var credentials = credentials();
    assertThat(keyId(credentials)).isEqualTo("KEY1");
    assertThat(keyId(credentials)).isEqualTo("KEY1");

    credentials.refused();
    assertThat(keyId(credentials)).isEqualTo("KEY2");
    credentials.refused();
    assertThat(keyId(credentials)).isEqualTo("KEY2");
    nanos.addAndGet(PatientCredentials.RENEWAL.toNanos());
    credentials.refused();
    assertThat(keyId(credentials)).isEqualTo("KEY3");
  }

  /** A {@code credential_process} of the default profile, which does not answer until it may. */
  private final class SlowProcess {
    private final Path asked = directory.resolve("asked");
    private final Path answer = directory.resolve("answer");

    SlowProcess() throws IOException {
      Path script = directory.resolve("slow.sh");
      Files.writeString(
          script,
          """
          echo >> %1$s
          while ! [ -e %2$s ]; do sleep 0.1; done
          cat %2$s
          """
              .formatted(asked, answer));
      write(CONFIG, "[default]\ncredential_process = sh " + script + "\n");
    }

    int asked() throws IOException {
      return Files.exists(asked) ? Files.readAllLines(asked).size() : 0;
    }

    void answer() throws IOException {
      answer(
          """
          {"Version": 1, "AccessKeyId": "SLOW", "SecretAccessKey": "secret"}
          """);
    }

    private void answer(String text) throws IOException {
      Path fresh = Files.writeString(directory.resolve("answer.new"), text);
      Files.move(fresh, answer, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
