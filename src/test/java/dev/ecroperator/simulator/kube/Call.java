package dev.ecroperator.simulator.kube;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One request taken apart: how it is logged, and what else decides on its answer. */
record Call(
    LoggedRequest request, String groupVersion, String contentType, String accept, String body) {

  static Call of(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    List<String> parts =
        new ArrayList<>(Stream.of(uri.getPath().split("/")).filter(p -> !p.isEmpty()).toList());
    // /api/v1/... or /apis/group/version/...: what is shorter is for no resource.
    int prefix = !parts.isEmpty() && parts.getFirst().equals("api") ? 2 : 3;
    String groupVersion = "";
    String namespace = "";
    if (uri.getPath().startsWith("/api") && parts.size() > prefix) {
      groupVersion = "/" + String.join("/", parts.subList(0, prefix));
      parts.subList(0, prefix).clear();
      if (parts.size() > 2
          && parts.getFirst().equals("namespaces")
          && !part(parts, 2).equals("status")) {
        namespace = parts.get(1);
        parts.subList(0, 2).clear();
      }
    } else {
      parts.clear();
    }
    var headers = exchange.getRequestHeaders();
    Map<String, String> query = query(uri.getRawQuery());
    String name = part(parts, 1);
    LoggedRequest request =
        new LoggedRequest(
            exchange.getRequestMethod(),
            uri.getPath(),
            query,
            part(parts, 0),
            part(parts, 2),
            namespace,
            name,
            parts.isEmpty() ? "" : verb(exchange.getRequestMethod(), query, name),
            0,
            orEmpty(headers.getFirst("User-Agent")));
    return new Call(
        request,
        groupVersion,
        orEmpty(headers.getFirst("Content-Type")),
        orEmpty(headers.getFirst("Accept")),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static String verb(String method, Map<String, String> query, String name) {
    return switch (method) {
      case "GET" ->
          List.of("true", "1").contains(query.getOrDefault("watch", ""))
              ? "watch"
              : name.isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      default -> name.isEmpty() ? "deletecollection" : "delete";
    };
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : orEmpty(raw).split("&", -1)) {
      String[] parts = URLDecoder.decode(pair, StandardCharsets.UTF_8).split("=", 2);
      query.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    return query;
  }

  String parameter(String name) {
    return request.query().getOrDefault(name, "");
  }

  boolean isDryRun() {
    return parameter("dryRun").equals("All");
  }

  boolean wantsTable() {
    return accept.contains("as=Table");
  }

  boolean isApply() {
    return contentType.startsWith("application/apply-patch+yaml");
  }

  boolean isOfStatus() {
    return request.subresource().equals("status");
  }

  String name() {
    return request.name();
  }

  /** As field owners are named. */
  String manager() {
    String given = parameter("fieldManager");
    return given.isEmpty() ? request.userAgent().split("/", 2)[0] : given;
  }
}
