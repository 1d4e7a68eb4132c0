package dev.ecroperator.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code kubectl get -o wide} prints. */
record Table(JsonNode answer) {
  private static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  /** The test's objects in the cluster. */
  static Table of(KubernetesCluster cluster, String plural) {
    String path = "apis/ecroperator.dev/v1alpha1/namespaces/" + cluster.namespace() + "/" + plural;
    HttpClient http = cluster.client().getHttpClient();
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(cluster.client().getMasterUrl() + path)
            .header("Accept", ACCEPT)
            .build();
    try {
      return new Table(
          new ObjectMapper().readTree(http.sendAsync(request, String.class).join().body()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells of an object by the names of their columns. */
  Map<String, String> row(String name) {
    JsonNode row =
        answer
            .path("rows")
            .valueStream()
            .filter(r -> r.path("cells").path(0).asText().equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no row " + name + " in " + answer));
    Map<String, String> cells = new LinkedHashMap<>();
    int column = 0;
    for (JsonNode definition : answer.path("columnDefinitions")) {
      cells.put(definition.path("name").asText(), row.path("cells").path(column++).asText());
    }
    return cells;
  }
}
