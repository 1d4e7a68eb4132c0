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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A Kubernetes API server on loopback: the kinds of the CRDs it is given, and a few built in. */
public final class KubeSimulator implements AutoCloseable {
  static {
    // Read once, by the class that serves: small answers wait 40 ms for the next packet without it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Store store = new Store();
  private final Api api;
  private final RequestLog requests = new RequestLog();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;

  private KubeSimulator(List<Kind> kinds) throws IOException {
    api = new Api(store, kinds);
    for (String name : List.of("default", "kube-system")) {
      ObjectNode namespace = Json.object("apiVersion", "v1", "kind", "Namespace");
      Json.metadata(namespace).put("name", name);
      put(namespace);
    }
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Server server = new Server(store, api, new Documents(kinds), requests);
    http.createContext("/", server::handle);
    http.setExecutor(threads);
    http.start();
  }

  /** Starts on a free port; serves the kinds of all CRDs in the directory. */
  public static KubeSimulator start(Path crdsDirectory) throws IOException {
    List<Kind> kinds = new ArrayList<>(Kind.builtIns().toList());
    try (var files = Files.newDirectoryStream(crdsDirectory, "*.{yml,yaml}")) {
      for (Path file : files) {
        kinds.add(Kind.of(Json.parse(Files.readString(file)).path("spec")));
      }
    }
    return new KubeSimulator(kinds);
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Writes a kubeconfig whose current context is this server. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file, Json.resource("kubeconfig.yaml").replace("ENDPOINT", endpoint().toString()));
  }

  /** What was asked so far. */
  public RequestLog requests() {
    return requests;
  }

  /** An object as it is stored, not logged as a request. */
  public Optional<JsonNode> get(String plural, String namespace, String name) {
    return store.find(new Store.Key(plural, namespace, name)).map(JsonNode::deepCopy);
  }

  /** All objects of a resource, as they are stored: not to be changed. */
  public List<JsonNode> list(String plural) {
    return List.copyOf(store.list(plural, ""));
  }

  /**
   * Stores an object behind everyone's back, status included and unchecked. Watches see it. What
   * the server would set is set where it is missing; the generation moves with the spec.
   */
  public JsonNode put(JsonNode object) {
    // Numbers get the types that parsing gives, so that equal values are equal.
    return api.put((ObjectNode) Json.parse(object.toString())).deepCopy();
  }

  /** Removes an object behind everyone's back, finalizers or not. Watches see it. */
  public void delete(String plural, String namespace, String name) {
    store.remove(new Store.Key(plural, namespace, name));
  }

  /** Ends all watches and stops listening. */
  @Override
  public void close() {
    store.dropWatches();
    http.stop(0);
    threads.shutdownNow();
  }
}
