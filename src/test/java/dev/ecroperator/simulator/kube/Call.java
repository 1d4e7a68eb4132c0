package dev.ecroperator.simulator.kube;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One request, its path and query taken apart. Parts that the path does not have are empty. */
record Call(
    String method,
    String path,
    Map<String, String> query,
    String apiVersion,
    String resource,
    String namespace,
    String name,
    String subresource,
    String contentType,
    String accept,
    String userAgent,
    String body) {

  static Call of(
      String method,
      URI uri,
      @Nullable String contentType,
      @Nullable String accept,
      @Nullable String userAgent,
      String body) {
    List<String> parts =
        new ArrayList<>(Stream.of(uri.getPath().split("/", -1)).filter(p -> !p.isEmpty()).toList());
    String apiVersion = "";
    if (parts.size() > 2 && parts.getFirst().equals("api")) {
      apiVersion = parts.get(1);
      parts.subList(0, 2).clear();
    } else if (parts.size() > 3 && parts.getFirst().equals("apis")) {
      apiVersion = parts.get(1) + "/" + parts.get(2);
      parts.subList(0, 3).clear();
    } else {
      parts.clear();
    }
    String namespace = "";
    boolean ofNamespace = parts.size() > 2 && parts.getFirst().equals("namespaces");
    if (ofNamespace && !List.of("status", "finalize").contains(parts.get(2))) {
      namespace = parts.get(1);
      parts.subList(0, 2).clear();
    }
    return new Call(
        method,
        uri.getPath(),
        query(uri.getRawQuery()),
        apiVersion,
        part(parts, 0),
        namespace,
        part(parts, 1),
        part(parts, 2),
        contentType == null ? "" : contentType,
        accept == null ? "" : accept,
        userAgent == null ? "" : userAgent,
        body);
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.put(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return query;
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  boolean isSet(String name) {
    return List.of("true", "1").contains(parameter(name));
  }

  boolean isDryRun() {
    return parameter("dryRun").equals("All");
  }

  boolean isWatch() {
    return method.equals("GET") && isSet("watch");
  }

  boolean wantsTable() {
    return accept.contains("as=Table");
  }

  boolean isApply() {
    return contentType.startsWith("application/apply-patch+yaml");
  }

  /** As managedFields names who wrote. */
  String manager() {
    String given = parameter("fieldManager");
    return given.isEmpty() ? userAgent.split("/", 2)[0] : given;
  }

  /** What RBAC calls it; empty for what is no resource. */
  String verb() {
    if (resource.isEmpty()) {
      return "";
    }
    return switch (method) {
      case "GET" -> isWatch() ? "watch" : name.isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> method;
    };
  }
}
