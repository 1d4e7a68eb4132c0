package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A Kubernetes API server on loopback: the kinds of the CRDs it is given, and a few built in. */
public final class KubeSimulator implements AutoCloseable {
  static {
    // Read once, by the class that serves: small answers wait 40 ms for the next packet without it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Types types = new Types();
  private final Store store = new Store(types);
  private final Writes writes = new Writes(store, types);
  private final RequestLog requests = new RequestLog();
  private final Faults faults = new Faults(store);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;

  private KubeSimulator(int port) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    Server server = new Server(store, types, requests, faults);
    http.createContext("/", server::handle);
    http.setExecutor(threads);
  }

  /** Starts on a free port; serves the kinds of all YAML files in the directory. */
  public static KubeSimulator start(Path crdsDirectory) throws IOException {
    return start(crdsDirectory, 0);
  }

  /** Starts on a port; serves the kinds of all YAML files in the directory. */
  public static KubeSimulator start(Path crdsDirectory, int port) throws IOException {
    KubeSimulator simulator = new KubeSimulator(port);
    simulator.populate(crdsDirectory);
    simulator.http.start();
    return simulator;
  }

  private void populate(Path crdsDirectory) throws IOException {
    for (String namespace : List.of("default", "kube-system")) {
      ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      Json.metadata(object).put("name", namespace);
      create(object);
    }
    try (Stream<Path> files = Files.list(crdsDirectory)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.ya?ml")).sorted().toList()) {
        create((ObjectNode) Json.parseYaml(Files.readString(file)));
      }
    }
  }

  private void create(ObjectNode object) {
    ResourceType type = types.ofKind(Json.text(object, "apiVersion"), Json.text(object, "kind"));
    var owner = new ManagedFields.Owner("kube-simulator", "Update", "");
    var mode = new Writes.Mode(owner, false, "Ignore", List.of());
    store.alone(() -> writes.create(type, "", object, mode));
  }

  /** Where it listens. */
  public URI endpoint() {
    InetSocketAddress address = http.getAddress();
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  /** Writes a kubeconfig whose current context is this server. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: simulator
          cluster: {server: "%s"}
        users:
        - name: simulator
          user: {token: simulator}
        contexts:
        - name: simulator
          context: {cluster: simulator, user: simulator, namespace: default}
        current-context: simulator
        """
            .formatted(endpoint()));
  }

  /** What was asked so far. */
  public RequestLog requests() {
    return requests;
  }

  /** What is to go wrong. */
  public Faults faults() {
    return faults;
  }

  /**
   * An object as it is stored, not logged as a request; the namespace of a cluster-wide one is "".
   */
  public Optional<JsonNode> get(String plural, String namespace, String name) {
    ObjectKey key = new ObjectKey(types.named(plural).storedAs(), namespace, name);
    return Optional.ofNullable(store.find(key)).map(JsonNode::deepCopy);
  }

  /** All objects of a resource. */
  public List<JsonNode> list(String plural) {
    return store.now(types.named(plural).storedAs(), "").stream()
        .map(object -> (JsonNode) object.deepCopy())
        .toList();
  }

  /**
   * Stores an object behind everyone's back, status included and unchecked. Watches see it. What
   * the server would set is set where it is missing; the generation moves with the spec.
   */
  public JsonNode put(JsonNode object) {
    ObjectNode given = Json.normalised(object);
    ResourceType type = types.ofKind(Json.text(given, "apiVersion"), Json.text(given, "kind"));
    ObjectKey key = Writes.key(type, given);
    return store.alone(
        () -> {
          ObjectNode live = store.find(key);
          ObjectNode metadata = Json.metadata(given);
          JsonNode old = live == null ? Json.object() : live.path("metadata");
          setIfAbsent(metadata, "uid", old.path("uid").asText(UUID.randomUUID().toString()));
          setIfAbsent(
              metadata,
              "creationTimestamp",
              old.path("creationTimestamp").asText(ManagedFields.now()));
          if (type.isCustom()) {
            boolean moved = live == null || !live.path("spec").equals(given.path("spec"));
            metadata.put("generation", old.path("generation").asLong(0) + (moved ? 1 : 0));
          }
          return store.write(key, type.stored(given)).deepCopy();
        });
  }

  private static void setIfAbsent(ObjectNode metadata, String name, String value) {
    if (!metadata.has(name)) {
      metadata.put(name, value);
    }
  }

  /** Removes an object behind everyone's back, finalizers or not. Watches see it. */
  public void delete(String plural, String namespace, String name) {
    store.remove(new ObjectKey(types.named(plural).storedAs(), namespace, name));
  }

  /** Ends all watches and stops listening. */
  @Override
  public void close() {
    faults.clear();
    faults.down();
    http.stop(0);
    threads.shutdownNow();
  }
}
