package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.Faults;
import dev.ecroperator.simulator.proxy.ApiServerProxy;
import dev.ecroperator.simulator.proxy.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A cluster, an ECR and an operator between them, which the tests of a class share: each names its
 * objects and repositories as no other does, so that all may run at once.
 */
final class Scene implements BeforeAllCallback, AfterAllCallback, TestWatcher, AutoCloseable {
  static final String REGION = "eu-west-1";

  /** The operator's owner id. */
  static final String OWNER_ID = "blue";

  private final Map<String, String> settings;
  private @Nullable Backstage backstage;
  private final Opened processes = new Opened();
  private @Nullable OperatorProcess operator;
  private int operators;
  private boolean hasProxy;

  /** What the operator stands between. */
  private record Backstage(
      Path directory,
      KubernetesCluster cluster,
      EcrService ecr,
      Outsider outsider,
      StatusRecord statuses,
      @Nullable ApiServerProxy proxy) {}

  private Scene(Map<String, String> settings) {
    this.settings = settings;
  }

  /**
   * A scene whose operator looks at ECR so often, and has these further settings. The first look
   * comes at any time within the interval: tests that count calls take a long one.
   */
  static Scene withResync(String resync, String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("OPERATOR_RESYNC", resync));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new Scene(all);
  }

  /** Has the operator reach the API server by a proxy, and so by plain watches alone. */
  Scene withFaultsOfTheApiServer() {
    hasProxy = true;
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    open();
    startOperator(Map.of());
    operator().awaitPort();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    OperatorProcess running = operator;
    if (running != null) {
      List<String> said = running.output();
      System.err.println(context.getDisplayName() + ": the operator said last");
      said.subList(Math.max(0, said.size() - 40), said.size()).forEach(System.err::println);
    }
  }

  /** Sets the scene without an operator. */
  Scene open() {
    try {
      Path directory = Files.createTempDirectory("e2e");
      EcrService ecr = Backends.ecr(directory);
      KubernetesCluster cluster = Backends.cluster(directory);
      backstage =
          new Backstage(
              directory,
              cluster,
              ecr,
              new Outsider(ecr.endpoint(), REGION),
              StatusRecord.of(cluster),
              hasProxy ? ApiServerProxy.before(Kubeconfig.of(cluster.kubeconfig())) : null);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment of this scene's operators. */
  Map<String, String> environment() {
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig(), ecr().endpoint().toString(), REGION);
    environment.put("OPERATOR_OWNER_ID", OWNER_ID);
    environment.putAll(cluster().settings());
    environment.putAll(settings);
    return environment;
  }

  private Path kubeconfig() {
    Path direct = cluster().kubeconfig();
    ApiServerProxy before = backstage().proxy();
    return before == null ? direct : Kubeconfig.of(direct).writeFor(before.endpoint(), directory());
  }

  /** Starts an operator, the next if there was one already; with {@code more} settings. */
  OperatorProcess startOperator(Map<String, String> more) {
    Map<String, String> environment = environment();
    environment.putAll(more);
    operators++;
    OperatorProcess started =
        processes.add(
            OperatorProcess.start(
                environment, directory().resolve("operator-" + operators + ".log")));
    operator = started;
    return started;
  }

  private Backstage backstage() {
    Backstage set = backstage;
    if (set == null) {
      throw new IllegalStateException("the scene is not set yet");
    }
    return set;
  }

  /** A directory for files of the scene. */
  Path directory() {
    return backstage().directory();
  }

  KubernetesCluster cluster() {
    return backstage().cluster();
  }

  EcrService ecr() {
    return backstage().ecr();
  }

  /** Somebody at the AWS console. */
  Outsider outsider() {
    return backstage().outsider();
  }

  /** The operator that was started last. */
  OperatorProcess operator() {
    OperatorProcess started = operator;
    if (started == null) {
      throw new IllegalStateException("no operator was started yet");
    }
    return started;
  }

  /** A Repository object of this name, and the repository of the same name. */
  RepositoryObject repository(String name) {
    return new RepositoryObject(this, cluster(), name, name);
  }

  /** A Repository object of one name for a repository of another. */
  RepositoryObject repository(String name, String inEcr) {
    return new RepositoryObject(this, cluster(), name, inEcr);
  }

  /** A Repository object in another cluster, and the repository of the same name. */
  RepositoryObject repositoryIn(KubernetesCluster other, String name) {
    return new RepositoryObject(this, other, name, name);
  }

  /** An ImageReplication object of this name, from the operator's own registry. */
  ReplicationManifest replication(String name) {
    return new ReplicationManifest(cluster(), name, null);
  }

  /** The registry of the operator's account in the region, as one that replicates. */
  SourceRegistry source(String region) {
    return new SourceRegistry(this, region);
  }

  /**
   * What only ECR's simulator can do: its state, faults.
   *
   * @throws IllegalStateException on moto: a test that needs it is not run there
   */
  EcrSimulator ecrSimulator() {
    return ecr()
        .simulator()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this needs the simulated ECR: list the test, and why, in MotoDifferences"));
  }

  /**
   * What is to go wrong between the operator and the API server.
   *
   * @throws IllegalStateException where nothing can: see {@link #withFaultsOfTheApiServer}
   */
  dev.ecroperator.simulator.proxy.Faults apiServerFaults() {
    ApiServerProxy before = backstage().proxy();
    if (before == null) {
      throw new IllegalStateException("the operator has the API server to itself here");
    }
    return before.faults();
  }

  /** The operator's calls of ECR so far. */
  List<Call> calls() {
    return ecr().calls().stream().filter(Scene::isOperators).toList();
  }

  /** Begins a fault of an operation that the operator alone meets. */
  Faults.Script fault(String operation) {
    return ecrSimulator().faults().on(operation).where(Scene::isOperators);
  }

  /** Begins a fault of all operations that the operator alone meets. */
  Faults.Script faultOfAny() {
    return ecrSimulator().faults().onAny().where(Scene::isOperators);
  }

  private static boolean isOperators(Call call) {
    return !call.accessKeyId().equals(Outsider.ACCESS_KEY);
  }

  /** What the operator answers on its own port. */
  HttpResponse<String> get(String path) {
    return get(operator(), path);
  }

  /** What one of several operators answers on its own port. */
  static HttpResponse<String> get(OperatorProcess operator, String path) {
    URI uri = URI.create("http://127.0.0.1:" + operator.awaitPort() + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the operator says a line like that. */
  void awaitLine(Predicate<String> line) {
    Patience.await(
        "a line of the operator", operator()::output, said -> said.stream().anyMatch(line));
  }

  @Override
  public void close() {
    try (var opened = new Opened()) {
      Backstage set = backstage;
      if (set != null) {
        opened.add(set.statuses()::judge);
        opened.add(set.cluster());
        opened.add(set.statuses());
        opened.add(set.ecr());
        opened.add(set.outsider());
        opened.add(() -> set.statuses().awaitAll());
        ApiServerProxy before = set.proxy();
        if (before != null) {
          opened.add(before);
          opened.add(() -> before.faults().clear());
        }
        opened.add(() -> set.ecr().simulator().ifPresent(it -> it.faults().clear()));
      }
      opened.add(processes);
    }
  }
}
