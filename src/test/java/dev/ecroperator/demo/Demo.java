package dev.ecroperator.demo;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.SampledImages;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.kube.KubeSimulator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The operator at work, from nothing: a simulated cluster, a simulated AWS, and between them the
 * jar as it runs in production. Ends with status 0 only when everything became what it should.
 */
public final class Demo implements AutoCloseable {
  private static final String ACCOUNT = "111122223333";
  private static final String REGION = "eu-west-1";
  private static final Path FOLDER = Path.of("target", "demo");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration IMAGES_TAKE = Duration.ofSeconds(6);

  /** A rule that the operator has nothing to do with; its spacing shows that it stays as it is. */
  private static final String BY_HAND =
      """
      {"rules":[{"repositoryFilters": [{"filterType": "PREFIX_MATCH", "filter": "legacy/"}],\
       "destinations": [{"registryId": "111122223333", "region": "eu-north-1"}]}]}\
      """;

  private final Narrator narrator = new Narrator(System.out);
  private final EcrSimulator ecr;
  private final KubeSimulator kube;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final OperatorProcess operator;
  private final Map<String, Integer> callsTold = new HashMap<>();

  private Demo() throws IOException {
    Files.createDirectories(FOLDER);
    narrator.scene(
        "A cluster and an AWS, both simulated on loopback, and the operator between them");
    ecr = EcrSimulator.start();
    narrator.tell("AWS (ecr, ecr-public, sts) answers at %s".formatted(ecr.endpoint()));
    kube = KubeSimulator.start(Path.of("crds"));
    kubeconfig = kube.writeKubeconfig(FOLDER.resolve("kubeconfig")).toAbsolutePath();
    narrator.tell("Kubernetes answers at %s".formatted(kube.endpoint()));
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
            .build();
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig, ecr.endpoint().toString(), REGION);
    environment.put("OPERATOR_RESYNC", "5s");
    Path log = FOLDER.resolve("operator.log");
    operator = OperatorProcess.start(environment, log);
    narrator.tell("java -jar %s is started; it logs to %s".formatted(OperatorProcess.JAR, log));
  }

  /**
   * Plays the demo.
   *
   * @throws Exception where something did not become what it should
   */
  public static void main(String[] arguments) throws Exception {
    boolean exit = Boolean.getBoolean("demo.exit");
    Demo demo = new Demo();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::close));
    try {
      demo.play();
    } catch (IOException | RuntimeException e) {
      // Thrown on, it would leave the simulators' threads behind, and they keep the process.
      demo.narrator.plain(
          "\nThe demo failed: " + (e instanceof DemoFailedException ? e.getMessage() : e));
      demo.operator.output().forEach(demo.narrator::plain);
      System.exit(1);
    }
    if (exit) {
      demo.narrator.plain("\nEverything became what it should.");
      System.exit(0);
    }
    demo.tellHowToGoOn();
    new CountDownLatch(1).await();
  }

  private void play() throws IOException {
    seedWhatExistedBefore();
    showCreation();
    showDrift();
    showReplication();
    showWrongManifest();
  }

  private void seedWhatExistedBefore() {
    BackDoor console = ecr.backDoor(ACCOUNT, REGION);
    console.create("legacy/web");
    console.create("base/jre");
    console.setMutability("base/jre", "IMMUTABLE");
    narrator.tell("in ECR there are already legacy/web and base/jre, made by somebody by hand");
    console.setReplication(BY_HAND);
    narrator.tell("and somebody replicates legacy/ to eu-north-1, by a rule of their own:");
    narrator.detail(BY_HAND);
    ecr.replicationTakes(IMAGES_TAKE);
  }

  private void showCreation() throws IOException {
    narrator.scene("kubectl apply --server-side -f examples/");
    List<HasMetadata> waiting = new ArrayList<>();
    for (Path file : manifests(Path.of("examples"))) {
      waiting.addAll(apply(file));
    }
    narrator.plain("");
    await(
        "all of examples/ Ready",
        () -> {
          waiting.removeIf(this::toldWhenReady);
          return waiting.isEmpty();
        });
  }

  private boolean toldWhenReady(HasMetadata object) {
    String name = object.getMetadata().getName();
    return object.getKind().equals("ImageReplication")
        ? toldWhenRulesStand(name)
        : toldWhenRepositoryIsReady(name);
  }

  private boolean toldWhenRepositoryIsReady(String name) {
    RepositoryStatus status = status(name);
    Condition ready = status == null ? null : ready(status).orElse(null);
    if (status == null || ready == null || !"True".equals(ready.status())) {
      return false;
    }
    narrator.tell("%s is Ready (%s): %s".formatted(name, ready.reason(), status.uri()));
    narrator.detail("in ECR: %s".formatted(newCalls(Objects.requireNonNull(status.name()))));
    return true;
  }

  private boolean toldWhenRulesStand(String name) {
    ImageReplicationStatus status = replicationStatus(name);
    Condition ready = status == null ? null : ready(status).orElse(null);
    if (status == null || ready == null || !"True".equals(ready.status())) {
      return false;
    }
    narrator.tell(
        "%s is Ready (%s): %d repositories match"
            .formatted(name, ready.reason(), status.matchedRepositories()));
    return true;
  }

  private void showDrift() {
    narrator.scene("Somebody makes the tags of payments/api mutable, behind the operator's back");
    ecr.backDoor(ACCOUNT, REGION).setMutability("payments/api", "MUTABLE");
    narrator.tell("payments/api is MUTABLE now");
    newCalls("payments/api");
    await("payments/api corrected", () -> !drifted("payments-api").isEmpty());
    narrator.tell(
        "noticed and put back: status.drift.fields is %s".formatted(drifted("payments-api")));
    narrator.detail("in ECR: %s".formatted(newCalls("payments/api")));
    String mode = ecr.repository(ACCOUNT, REGION, "payments/api").mutability();
    narrator.detail("payments/api is %s again".formatted(mode));
    require(mode.equals("IMMUTABLE_WITH_EXCLUSION"), "payments/api is " + mode);
  }

  private List<String> drifted(String name) {
    return Optional.ofNullable(status(name))
        .map(RepositoryStatus::drift)
        .map(DriftStatus::fields)
        .orElse(List.of());
  }

  private void showReplication() {
    narrator.scene("Three ImageReplications, somebody's own rule, and one document in ECR");
    String document = ecr.replicationConfiguration(ACCOUNT, REGION);
    narrator.tell(
        "the replication configuration of %s/%s, as AWS spells it:".formatted(ACCOUNT, REGION));
    narrator.detail(document);
    require(
        document.contains("\"filter\":\"legacy/\"")
            && document.contains("\"region\":\"eu-north-1\""),
        "the rule by hand does not stand any more");

    narrator.scene("docker push payments/vault:1.0");
    // On its way until that was seen, however long the machine takes.
    BackDoor frankfurt = ecr.backDoor(ACCOUNT, "eu-central-1");
    frankfurt.arrivalsTake(PATIENCE.multipliedBy(2));
    ecr.backDoor(ACCOUNT, REGION).putImage("payments/vault", "1.0");
    tellOnce("payments-to-frankfurt", "Replicating");
    frankfurt.arrivalsTake(IMAGES_TAKE);
    tellOnce("payments-to-frankfurt", "Synced");
    String partner = "payments-to-partner";
    await(
        partner + " Unauthorized",
        () -> synced(partner).filter(c -> "Unauthorized".equals(c.reason())).isPresent());
    narrator.tell("%s is Unauthorized, and stays Ready; its owner reads:".formatted(partner));
    synced(partner).ifPresent(c -> narrator.detail("Synced: False, " + c.message()));
  }

  private void tellOnce(String name, String state) {
    await(name + " " + state, () -> synced(name).filter(c -> state.equals(c.reason())).isPresent());
    narrator.tell("%s is %s: %s".formatted(name, state, destinations(name)));
  }

  private Optional<Condition> synced(String name) {
    return Optional.ofNullable(replicationStatus(name))
        .flatMap(status -> Conditions.find(status.conditions(), Conditions.SYNCED));
  }

  private String destinations(String name) {
    List<DestinationStatus> destinations =
        Optional.ofNullable(replicationStatus(name))
            .map(ImageReplicationStatus::destinations)
            .orElse(List.of());
    return destinations.stream()
        .map(
            d ->
                "%s/%s %s %s".formatted(d.registryId(), d.region(), d.state(), sampled(d.images())))
        .collect(Collectors.joining(", "));
  }

  private static String sampled(@Nullable SampledImages images) {
    return images == null
        ? ""
        : "(%d of %d sampled images there)".formatted(images.complete(), images.sampled());
  }

  private void showWrongManifest() throws IOException {
    Path file = Path.of("examples", "wrong", "lifecycle-json.yaml");
    narrator.scene("A wrong manifest: kubectl apply --server-side -f " + file);
    String name = apply(file).getFirst().getMetadata().getName();
    await(
        name + " InvalidSpec",
        () ->
            Optional.ofNullable(status(name))
                .flatMap(Demo::ready)
                .filter(ready -> "InvalidSpec".equals(ready.reason()))
                .isPresent());
    RepositoryStatus status = Objects.requireNonNull(status(name));
    narrator.tell("its owner reads in kubectl describe ecrrepo/%s:".formatted(name));
    ready(status)
        .ifPresent(
            ready ->
                narrator.detail(
                    "Ready: %s, %s: %s"
                        .formatted(ready.status(), ready.reason(), ready.message())));
    narrator.detail("all the rest of it is done in ECR: %s".formatted(newCalls(status.name())));
  }

  private void tellHowToGoOn() {
    narrator.scene("Now it is yours, until Ctrl-C. In another terminal:");
    narrator.plain(
        """

            export KUBECONFIG=%s
            kubectl get ecrrepo -A
            kubectl get ecrrepo -A -o wide
            kubectl explain ecrrepo.spec
            kubectl describe ecrrepo payments-api
            kubectl get imgrepl
            kubectl get imgrepl payments-to-partner -o yaml
            kubectl get events
            kubectl patch ecrrepo payments-api --type merge -p '{"spec":{"imageTagMutability":{"mode":"IMMUTABLE","exclusionFilters":null}}}'
            kubectl annotate ecrrepo/payments-api ecroperator.dev/requestedAt="$(date -Is)" --overwrite
            kubectl delete ecrrepo payments-api
            kubectl apply --server-side -f examples/
        """
            .formatted(kubeconfig));
  }

  private static List<Path> manifests(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Applies a file as kubectl does with {@code --server-side}. */
  private List<HasMetadata> apply(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return client
          .load(in)
          .inNamespace("default")
          .resources()
          .map(Resource::serverSideApply)
          .map(HasMetadata.class::cast)
          .peek(
              object ->
                  narrator.tell(
                      "applied %s: %s %s"
                          .formatted(file, object.getKind(), object.getMetadata().getName())))
          .toList();
    }
  }

  private @Nullable RepositoryStatus status(String name) {
    Repository object =
        client.resources(Repository.class).inNamespace("default").withName(name).get();
    return object == null ? null : object.getStatus();
  }

  private @Nullable ImageReplicationStatus replicationStatus(String name) {
    ImageReplication object =
        client.resources(ImageReplication.class).inNamespace("default").withName(name).get();
    return object == null ? null : object.getStatus();
  }

  private static Optional<Condition> ready(Conditioned status) {
    return Conditions.find(status.conditions(), Conditions.READY);
  }

  /** The calls about a repository that were not told yet. */
  private String newCalls(@Nullable String repository) {
    List<Call> calls =
        ecr.log().calls().stream()
            .filter(call -> Objects.equals(call.repository(), repository))
            .toList();
    String name = Objects.requireNonNull(repository);
    int told = callsTold.getOrDefault(name, 0);
    callsTold.put(name, calls.size());
    String text =
        calls.subList(told, calls.size()).stream()
            .map(
                call ->
                    call.errorCode() == null
                        ? call.operation()
                        : call.operation() + " (" + call.errorCode() + ")")
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "nothing" : text;
  }

  private void await(String what, BooleanSupplier condition) {
    try {
      operator.await(PATIENCE, what, condition);
    } catch (ConditionTimeoutException | OperatorProcess.EndedException e) {
      throw new DemoFailedException("waited in vain for: " + what);
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new DemoFailedException(otherwise);
    }
  }

  @Override
  public void close() {
    operator.close();
    client.close();
    kube.close();
    ecr.close();
  }

  /** Something did not become what it should. */
  private static final class DemoFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
      super(message);
    }
  }
}
