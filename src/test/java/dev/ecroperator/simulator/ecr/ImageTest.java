package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.BatchDeleteImageResponse;
import software.amazon.awssdk.services.ecr.model.ImageAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.ImageTagAlreadyExistsException;

class ImageTest {
  private static final String REGION = "eu-west-1";

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();
  private final BackDoor backDoor = simulator.backDoor(EcrSimulator.DEFAULT_ACCOUNT, REGION);

  @BeforeEach
  void createRepository() {
    ecr.createRepository(r -> r.repositoryName("app"));
  }

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void imagesAreFoundByTagAndDigest() {
    String digest = put("{\"a\":1}", "v1");
    put("{\"a\":1}", "v2");

    ImageDetail detail = describe(id("v1"));
    assertThat(detail).isEqualTo(describe(ImageIdentifier.builder().imageDigest(digest).build()));
    assertThat(detail.imageTags()).containsExactly("v1", "v2");
    assertThat(detail.imagePushedAt()).isNotNull();
    assertThat(digest)
        .isEqualTo("sha256:015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
    assertThat(refusal(() -> describe(id("v3")), ImageNotFoundException.class))
        .contains(
            "{imageDigest:'null', imageTag:'v3'} does not exist within the repository with name"
                + " 'app'");
    assertThat(refusal(() -> put("{\"a\":1}", "v1"), ImageAlreadyExistsException.class))
        .contains(digest);
    assertThat(refusal(() -> put("no json", "v1"))).startsWith("InvalidParameterException");
  }

  @Test
  void tagsMoveOnlyWhereTheyAreMutable() {
    String old = put("{\"a\":1}", "v1");
    put("{\"a\":2}", "v1");
    assertThat(
            ecr.listImages(r -> r.repositoryName("app").filter(f -> f.tagStatus("UNTAGGED")))
                .imageIds())
        .containsExactly(ImageIdentifier.builder().imageDigest(old).build());

    backDoor.setMutability("app", "IMMUTABLE_WITH_EXCLUSION", "dev-*");
    put("{\"a\":1}", "dev-1");
    put("{\"a\":2}", "dev-1");
    assertThat(refusal(() -> put("{\"a\":3}", "v1"), ImageTagAlreadyExistsException.class))
        .contains("'v1'");
  }

  @Test
  void pagingShowsEveryImageOnce() {
    IntStream.range(0, 25).forEach(i -> backDoor.putImage("app", "v" + i));
    assertThat(
            ecr.describeImagesPaginator(r -> r.repositoryName("app").maxResults(10)).imageDetails())
        .hasSize(25)
        .doesNotHaveDuplicates();
    assertThat(ecr.listImagesPaginator(r -> r.repositoryName("app").maxResults(10)).imageIds())
        .hasSize(25)
        .doesNotHaveDuplicates();
    assertThat(
            refusal(
                () ->
                    ecr.describeImages(
                        r -> r.repositoryName("app").imageIds(id("v1")).maxResults(3))))
        .startsWith("InvalidParameterException");
  }

  @Test
  void theLastTagTakesTheImageWithIt() {
    String digest = put("{\"a\":1}", "v1");
    put("{\"a\":1}", "v2");

    assertThat(delete(id("v1")).imageIds())
        .containsExactly(id("v1").copy(i -> i.imageDigest(digest)));
    assertThat(describe(id("v2")).imageTags()).containsExactly("v2");
    delete(id("v2"));
    assertThat(ecr.listImages(r -> r.repositoryName("app")).imageIds()).isEmpty();
    assertThat(delete(id("v2")).failures())
        .extracting(f -> f.failureCode())
        .containsExactly(ImageFailureCode.IMAGE_NOT_FOUND);
  }

  private BatchDeleteImageResponse delete(ImageIdentifier id) {
    return ecr.batchDeleteImage(r -> r.repositoryName("app").imageIds(id));
  }

  private ImageDetail describe(ImageIdentifier id) {
    return ecr.describeImages(r -> r.repositoryName("app").imageIds(id)).imageDetails().getFirst();
  }

  private String put(String manifest, String tag) {
    return ecr.putImage(r -> r.repositoryName("app").imageManifest(manifest).imageTag(tag))
        .image()
        .imageId()
        .imageDigest();
  }

  private static ImageIdentifier id(String tag) {
    return ImageIdentifier.builder().imageTag(tag).build();
  }
}
