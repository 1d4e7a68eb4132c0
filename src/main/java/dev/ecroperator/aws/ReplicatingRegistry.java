package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.json.Json;
import dev.ecroperator.json.JsonSpan;
import dev.ecroperator.json.StrictJson;
import dev.ecroperator.replication.ReplicationRegistry;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.progress.Arrival;
import dev.ecroperator.replication.progress.ImageRegistry;
import dev.ecroperator.replication.progress.PushedImage;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageReplicationStatus;

/** The replication of Amazon ECR in one account and region. */
final class ReplicatingRegistry implements ReplicationRegistry, ImageRegistry {
  private static final String CONFIGURATION = "replicationConfiguration";

  /** How many characters of an answer of DescribeRegistry are read. */
  private static final int LONGEST_ANSWER = 2_100_000;

  /** The most that DescribeImages returns at once. */
  private static final int PAGE = 1_000;

  /** DescribeImages has no order: the newest of a larger repository may not be among these. */
  private static final int PAGES = 10;

  private final String accountId;
  private final EcrClient ecr;
  private final AwsCalls calls;
  private final RepositoryInventory inventory;
  private final Bucket looks;

  /**
   * The replication of one registry.
   *
   * @param accountId whose registry it is
   * @param ecr a client with {@link RawJson} among its interceptors
   * @param looks what calls for single repositories and images may cost
   */
  ReplicatingRegistry(
      String accountId,
      EcrClient ecr,
      AwsCalls calls,
      RepositoryInventory inventory,
      Bucket looks) {
    this.accountId = accountId;
    this.ecr = ecr;
    this.calls = calls;
    this.inventory = inventory;
    this.looks = looks;
  }

  @Override
  public ReplicationDocument read() {
    var answer = new AtomicReference<@Nullable String>();
    calls.read(
        "DescribeRegistry",
        () -> {
          answer.set(null);
          return ecr.describeRegistry(
              r -> r.overrideConfiguration(o -> RawJson.keepAnswer(o, answer)));
        });
    String body = Objects.requireNonNull(answer.get(), "DescribeRegistry has a body");
    // The SDK has not looked at it: what is no JSON object could not be written back, either.
    requireOwn(StrictJson.read(body, LONGEST_ANSWER).get("registryId"));
    JsonSpan configuration = JsonSpan.ofMember(body, CONFIGURATION);
    return ReplicationDocument.read(configuration == null ? null : configuration.in(body));
  }

  /** Neither operation names a registry: both are about that of whoever calls. */
  private void requireOwn(@Nullable Json answered) {
    if (!new Json.Text(accountId).equals(answered)) {
      throw new CallFailedException(
          new Failure(
              Failure.Kind.UNAVAILABLE,
              "ecr:DescribeRegistry",
              "answered for the registry "
                  + (answered == null ? "of no account" : answered.compact())
                  + ", not for that of "
                  + accountId
                  + ": the operator's credentials are another account's now; mend them, or restart"
                  + " the operator"),
          new IllegalStateException("another account's registry"));
    }
  }

  @Override
  public void put(ReplicationDocument document) {
    String body = "{\"" + CONFIGURATION + "\":" + document.text() + "}";
    try {
      calls.write(
          "PutReplicationConfiguration",
          () ->
              ecr.putReplicationConfiguration(
                  r ->
                      r.replicationConfiguration(empty -> {})
                          .overrideConfiguration(o -> RawJson.send(o, body))));
    } catch (CallFailedException e) {
      throw e.kind() == Failure.Kind.DENIED ? withHint(e) : e;
    }
  }

  private static CallFailedException withHint(CallFailedException e) {
    Failure failure = e.failure();
    return new CallFailedException(
        new Failure(
            failure.kind(),
            failure.action(),
            failure.message()
                + " (the first replication of an account also needs iam:CreateServiceLinkedRole for"
                + " replication.ecr.amazonaws.com)",
            failure.trace()),
        e);
  }

  @Override
  public NavigableSet<String> repositoryNames(Duration maxAge) {
    return inventory.names(maxAge);
  }

  @Override
  public List<PushedImage> newestImages(String repository, int atMost) {
    List<PushedImage> images = new ArrayList<>();
    String next = null;
    int pages = 0;
    do {
      String token = next;
      DescribeImagesResponse page =
          calls.read(
              "DescribeImages",
              () ->
                  ecr.describeImages(
                      r ->
                          r.registryId(accountId)
                              .repositoryName(repository)
                              .maxResults(PAGE)
                              .nextToken(token)));
      for (ImageDetail image : page.imageDetails()) {
        images.add(new PushedImage(image.imageDigest(), image.imagePushedAt()));
      }
      next = page.nextToken();
      pages++;
      if (pages > 1) {
        looks.consumeIgnoringRateLimits(1); // the look at hand is finished, the next ones wait
      }
    } while (next != null && pages < PAGES);
    return images.stream()
        .sorted(Comparator.comparing(PushedImage::pushedAt).reversed())
        .limit(atMost)
        .toList();
  }

  @Override
  public List<Arrival> arrivals(String repository, String digest) {
    return calls
        .read(
            "DescribeImageReplicationStatus",
            () ->
                ecr.describeImageReplicationStatus(
                    r ->
                        r.registryId(accountId)
                            .repositoryName(repository)
                            .imageId(i -> i.imageDigest(digest))))
        .replicationStatuses()
        .stream()
        .map(ReplicatingRegistry::arrival)
        .toList();
  }

  private static Arrival arrival(ImageReplicationStatus status) {
    var destination = new Registry(status.registryId(), status.region());
    return switch (status.status()) {
      case COMPLETE -> new Arrival(destination, Arrival.State.COMPLETE, null);
      case FAILED -> new Arrival(destination, Arrival.State.FAILED, status.failureCode());
      // A word of a later ECR is none that says that it has arrived, or never will.
      case IN_PROGRESS, UNKNOWN_TO_SDK_VERSION ->
          new Arrival(destination, Arrival.State.IN_PROGRESS, null);
    };
  }

  @Override
  public boolean mayLook(int calls) {
    return looks.tryConsume(calls);
  }
}
