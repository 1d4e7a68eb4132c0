package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.ImageRegistry;
import dev.ecroperator.repository.AccessPolicy.Scope;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositoryChange;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.repository.TagMutability;
import dev.ecroperator.simulator.ecr.BackDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's credentials came to be another account's, which has repositories of the names. */
class OtherAccountTest {
  private static final String OURS = SimulatedAws.ACCOUNT;
  private static final String OTHER = "444455556666";
  private static final String REGION = "us-east-1";
  private static final String NAME = "team/app";
  private static final String POLICY =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Theirs\",\"Effect\":\"Allow\","
          + "\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"}]}";
  private static final String LIFECYCLE =
      "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\",\"countType\":"
          + "\"imageCountMoreThan\",\"countNumber\":9},\"action\":{\"type\":\"expire\"}}]}";

  /** Of registries of both kinds. */
  private static final List<RepositoryChange> CHANGES =
      List.of(
          new RepositoryChange.TagResource(new TreeMap<>(Map.of("ecroperator.dev/owner", "us"))),
          new RepositoryChange.UntagResource(new TreeSet<>(List.of("theirs"))),
          new RepositoryChange.SetRepositoryPolicy(
              Scope.DOCUMENT, PolicyDocument.parse(POLICY.replace("Theirs", "Ours"))),
          new RepositoryChange.DeleteRepositoryPolicy(Scope.DOCUMENT));

  private static final List<RepositoryChange> PRIVATE_CHANGES =
      List.of(
          new RepositoryChange.PutImageTagMutability(TagMutability.of("IMMUTABLE", List.of())),
          new RepositoryChange.PutImageScanningConfiguration(true),
          new RepositoryChange.PutLifecyclePolicy(
              LifecyclePolicy.parse(LIFECYCLE.replace(":9", ":1"))),
          new RepositoryChange.DeleteLifecyclePolicy());

  private static final RepositoryChange PUT_CATALOG =
      new RepositoryChange.PutRepositoryCatalogData(
          Catalog.EMPTY, new Catalog("ours", null, null, null, null));

  private final SimulatedAws aws = new SimulatedAws(REGION, 20, Fence.withoutDeadline());

  @AfterEach
  void close() {
    aws.close();
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CallFailedException.class,
            e ->
                assertThat(e.kind())
                    .as(e.getMessage())
                    .isIn(Failure.Kind.DENIED, Failure.Kind.INVALID));
  }

  private static RepositoryTarget target(Visibility visibility) {
    return new RepositoryTarget(visibility, OURS, REGION, NAME);
  }

  private RepositoryRegistry registry(Visibility visibility) {
    return aws.registries.holding(target(visibility));
  }

  private void create(BackDoor console) {
    console.create(NAME);
    console.setPolicy(NAME, POLICY);
    console.setTags(NAME, Map.of("theirs", "yes"));
  }

  private void createPrivate() {
    BackDoor console = aws.ecr.backDoor(OTHER, REGION);
    create(console);
    console.setLifecycle(NAME, LIFECYCLE);
  }

  private void createPublic() {
    BackDoor console = aws.ecr.publicBackDoor(OTHER);
    create(console);
    console.setCatalog(NAME, Map.of("description", "theirs"));
  }

  private void assertNothingIsSentFor(Visibility visibility, List<RepositoryChange> changes) {
    RepositoryRegistry registry = registry(visibility);
    RepositoryTarget target = target(visibility);
    for (RepositoryChange change : changes) {
      assertRefused(() -> registry.apply(target, change, () -> {}));
    }
    assertRefused(() -> registry.delete(target, true, () -> {}));
  }

  @Test
  void itsPrivateRepositoriesStayAsTheyAre() {
    createPrivate();
    var before = aws.ecr.repositories(OTHER, REGION);
    aws.credentialsOf(OTHER);

    assertNothingIsSentFor(Visibility.PRIVATE, CHANGES);
    assertNothingIsSentFor(Visibility.PRIVATE, PRIVATE_CHANGES);

    assertThat(aws.ecr.repositories(OTHER, REGION)).isEqualTo(before);
  }

  @Test
  void itsPublicRepositoriesStayAsTheyAre() {
    createPublic();
    var before = aws.ecr.publicRepositories(OTHER);
    aws.credentialsOf(OTHER);

    assertNothingIsSentFor(Visibility.PUBLIC, CHANGES);
    assertNothingIsSentFor(Visibility.PUBLIC, List.of(PUT_CATALOG));

    assertThat(aws.ecr.publicRepositories(OTHER)).isEqualTo(before);
  }

  @Test
  void noPrivateRepositoryIsCreatedInIt() {
    aws.credentialsOf(OTHER);

    assertRefused(
        () ->
            registry(Visibility.PRIVATE)
                .create(target(Visibility.PRIVATE), RepositorySettings.UNDECLARED));

    assertThat(aws.ecr.repositories(OTHER, REGION)).isEmpty();
  }

  @Test
  void itsDocumentsAreNotTakenForOurs() {
    for (Visibility visibility : Visibility.values()) {
      RepositoryRegistry registry = registry(visibility);
      RepositoryTarget target = target(visibility);
      (visibility == Visibility.PUBLIC
              ? aws.ecr.publicBackDoor(OURS)
              : aws.ecr.backDoor(OURS, REGION))
          .create(NAME);
      ObservedRepository found = registry.find(target, Duration.ZERO).orElseThrow();
      aws.credentialsOf(OTHER);

      assertRefused(() -> registry.readAgain(target, found, CHANGES.getLast()));
      assertRefused(() -> registry.readAgain(target, found, PUT_CATALOG));
      aws.credentialsOf(OURS);
    }
  }

  /** Who mends the credentials edits nothing: it is looked at again. */
  @Test
  void itsReplicationIsUnavailable() {
    aws.credentialsOf(OTHER);

    assertThatThrownBy(() -> aws.registries.at(new Registry(OURS, REGION)).read())
        .isInstanceOfSatisfying(
            CallFailedException.class,
            e -> assertThat(e.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
  }

  @Test
  void whatItListsIsNotTakenForOurs() {
    createPrivate();
    aws.credentialsOf(OTHER);

    assertRefused(
        () -> aws.registries.imagesAt(new Registry(OURS, REGION)).repositoryNames(Duration.ZERO));
  }

  @Test
  void itsImagesAreNotTakenForOurs() {
    createPrivate();
    String digest = aws.ecr.backDoor(OTHER, REGION).putImage(NAME, "1");
    ImageRegistry images = aws.registries.imagesAt(new Registry(OURS, REGION));
    aws.credentialsOf(OTHER);

    assertRefused(() -> images.newestImages(NAME, 1));
    assertRefused(() -> images.arrivals(NAME, digest));
  }
}
