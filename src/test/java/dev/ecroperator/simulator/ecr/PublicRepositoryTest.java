package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryCatalogData;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryNotEmptyException;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecrpublic.model.Tag;

class PublicRepositoryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrPublicClient ecr = clients.ecrPublic("us-east-1");

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void createTakesCatalogDataAndTags() {
    var created =
        ecr.createRepository(
            r ->
                r.repositoryName("team/sdk")
                    .catalogData(
                        c ->
                            c.description("An SDK")
                                .architectures("ARM 64")
                                .logoImageBlob(SdkBytes.fromUtf8String("png")))
                    .tags(Tag.builder().key("team").value("pay").build()));

    assertThat(created.repository().repositoryArn())
        .isEqualTo("arn:aws:ecr-public::111122223333:repository/team/sdk");
    String alias =
        ecr.describeRegistries(r -> {}).registries().getFirst().aliases().getFirst().name();
    assertThat(created.repository().repositoryUri())
        .isEqualTo("public.ecr.aws/" + alias + "/team/sdk");
    assertThat(created.catalogData().description()).isEqualTo("An SDK");
    assertThat(created.catalogData().logoUrl()).startsWith("https://");
    assertThat(ecr.describeRepositories(r -> r.repositoryNames("team/sdk")).repositories())
        .containsExactly(created.repository());
    assertThat(ecr.describeRepositoriesPaginator(r -> {}).repositories()).hasSize(1);
    PublicRepositorySnapshot snapshot = simulator.publicRepository(ACCOUNT, "team/sdk");
    assertThat(snapshot.hasLogo()).isTrue();
    assertThat(snapshot.architectures()).containsExactly("ARM 64");
    assertThat(snapshot.tags()).isEqualTo(Map.of("team", "pay"));
    assertThat(refusal(() -> create("team/sdk"), RepositoryAlreadyExistsException.class))
        .isNotEmpty();
  }

  @Test
  void catalogDataIsReplacedAsAWhole() {
    create("sdk");
    assertThat(refusal(() -> catalog("sdk")))
        .startsWith("RepositoryCatalogDataNotFoundException: ")
        .contains("'sdk'");
    ecr.putRepositoryCatalogData(
        r -> r.repositoryName("sdk").catalogData(c -> c.description("d").aboutText("a")));
    ecr.putRepositoryCatalogData(r -> r.repositoryName("sdk").catalogData(c -> c.usageText("u")));
    assertThat(catalog("sdk")).isEqualTo(RepositoryCatalogData.builder().usageText("u").build());
    assertThat(
            refusal(
                () ->
                    ecr.putRepositoryCatalogData(
                        r ->
                            r.repositoryName("sdk")
                                .catalogData(c -> c.description("d".repeat(1025))))))
        .contains("'catalogData.description'", "1024");
    assertThat(
            refusal(
                () ->
                    ecr.putRepositoryCatalogData(
                        r ->
                            r.repositoryName("sdk")
                                .catalogData(
                                    c ->
                                        c.logoImageBlob(
                                            SdkBytes.fromByteArray(new byte[512_010]))))))
        .contains("'catalogData.logoImageBlob'");
    simulator.publicBackDoor(ACCOUNT).setCatalog("sdk", Map.of("description", "changed"));
    assertThat(catalog("sdk").description()).isEqualTo("changed");
  }

  @Test
  void policiesTagsAndDeletionWorkAsInPrivate() {
    String arn = create("sdk");
    assertThat(
            refusal(
                () -> ecr.getRepositoryPolicy(r -> r.repositoryName("sdk")),
                RepositoryPolicyNotFoundException.class))
        .isNotEmpty();
    String policy =
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"ecr-public:PutImage\"}]}";
    ecr.setRepositoryPolicy(r -> r.repositoryName("sdk").policyText(policy));
    assertThat(ecr.getRepositoryPolicy(r -> r.repositoryName("sdk")).policyText())
        .contains(":root");
    ecr.deleteRepositoryPolicy(r -> r.repositoryName("sdk"));
    assertThat(simulator.publicRepository(ACCOUNT, "sdk").policy()).isNull();

    ecr.tagResource(r -> r.resourceArn(arn).tags(Tag.builder().key("a").value("1").build()));
    ecr.untagResource(r -> r.resourceArn(arn).tagKeys("a"));
    assertThat(ecr.listTagsForResource(r -> r.resourceArn(arn)).tags()).isEmpty();

    simulator.publicBackDoor(ACCOUNT).putImage("sdk", "v1");
    assertThat(ecr.describeImages(r -> r.repositoryName("sdk")).imageDetails()).hasSize(1);
    assertThat(
            refusal(
                () -> ecr.deleteRepository(r -> r.repositoryName("sdk")),
                RepositoryNotEmptyException.class))
        .isNotEmpty();
    ecr.deleteRepository(r -> r.repositoryName("sdk").force(true));
    assertThat(
            refusal(
                () -> ecr.describeRepositories(r -> r.repositoryNames("sdk")),
                RepositoryNotFoundException.class))
        .isNotEmpty();
  }

  @Test
  void namesAreStricterThanPrivateOnes() {
    assertThat(refusal(() -> create("a--b"))).contains("'repositoryName'");
    assertThat(refusal(() -> create("a".repeat(206)))).contains("205");
  }

  @Test
  void thereIsOnlyUsEast1() {
    assertThat(refusal(() -> clients.ecrPublic("eu-west-1").describeRepositories(r -> {})))
        .isEqualTo(
            "InvalidSignatureException: Credential should be scoped to a valid region, not"
                + " 'eu-west-1'. ");
  }

  @Test
  void theTokenIsOneObject() {
    assertThat(ecr.getAuthorizationToken(r -> {}).authorizationData().authorizationToken())
        .isNotEmpty();
  }

  private RepositoryCatalogData catalog(String name) {
    return ecr.getRepositoryCatalogData(r -> r.repositoryName(name)).catalogData();
  }

  private String create(String name) {
    return ecr.createRepository(r -> r.repositoryName(name)).repository().repositoryArn();
  }
}
