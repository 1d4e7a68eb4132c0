package dev.ecroperator.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code kubectl get -o wide} prints. */
record Table(JsonNode answer) {
  private static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  /** The objects of the default namespace. */
  static Table of(KubernetesClient client, String plural) {
    URI uri =
        URI.create(
            client.getMasterUrl() + "apis/ecroperator.dev/v1alpha1/namespaces/default/" + plural);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", ACCEPT);
      String token = client.getConfiguration().getOauthToken();
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      return new Table(
          new ObjectMapper()
              .readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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
