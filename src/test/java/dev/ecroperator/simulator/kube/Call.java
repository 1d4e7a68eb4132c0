package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.ecroperator.simulator.Line;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request taken apart: how it is logged, and what else decides on its answer. Where the path is
 * that of no resource, the verb and all parts are empty.
 */
public record Call(
    LoggedRequest request, String path, Map<String, String> query, Headers headers, String body) {

  private static final Pattern RESOURCE =
      Pattern.compile(
          "(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/(?<namespace>[^/]+))?"
              + "/(?<resource>[^/]+)(/(?<name>[^/]+))?(/(?<subresource>[^/]+))?");

  /** Reads the request off the wire. */
  public static Call of(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    Headers headers = exchange.getRequestHeaders();
    Map<String, String> query = query(uri.getRawQuery());
    Matcher parts = RESOURCE.matcher(uri.getPath());
    String name = part(parts, "name");
    LoggedRequest request =
        new LoggedRequest(
            parts.matches() ? verb(exchange.getRequestMethod(), query, name) : "",
            part(parts, "resource"),
            part(parts, "subresource"),
            part(parts, "namespace"),
            name,
            orEmpty(headers.getFirst("User-Agent")));
    return new Call(
        request,
        uri.getPath(),
        query,
        headers,
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

  private static String part(Matcher parts, String group) {
    return parts.matches() ? orEmpty(parts.group(group)) : "";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Map<String, String> query(@Nullable String raw) {
    return Stream.of(orEmpty(raw).split("&", -1))
        .map(pair -> URLDecoder.decode(pair, StandardCharsets.UTF_8).split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> pair.length == 2 ? pair[1] : "", (one, other) -> other));
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** A parameter that is a number, 0 where it is not given. */
  int number(String name) {
    return parameter(name).isEmpty() ? 0 : Integer.parseInt(parameter(name));
  }

  private String header(String name) {
    return orEmpty(headers.getFirst(name));
  }

  String contentType() {
    return header("Content-Type");
  }

  /** The object in the body. */
  ObjectNode object() {
    if (Json.parse(body) instanceof ObjectNode object) {
      return object;
    }
    throw Refusal.of(400, "the object provided is unrecognized");
  }

  /** What the fieldSelector lets through. */
  Predicate<JsonNode> selection() {
    String fields = parameter("fieldSelector");
    if (!parameter("labelSelector").isEmpty() || fields.contains("!")) {
      throw Refusal.of(400, "the simulator selects by field=value alone");
    }
    return Stream.of(fields.split(",", -1))
        .filter(term -> !term.isEmpty())
        .map(Call::equality)
        .reduce(object -> true, Predicate::and);
  }

  private static Predicate<JsonNode> equality(String term) {
    String[] parts = term.split("==?", 2);
    String[] field = parts[0].split("\\.", -1);
    return object -> Json.text(object, field).equals(parts[1]);
  }

  boolean isDryRun() {
    return parameter("dryRun").equals("All");
  }

  boolean isStrict() {
    return parameter("fieldValidation").equals("Strict");
  }

  boolean wantsTable() {
    return header("Accept").contains("as=Table");
  }

  boolean isApply() {
    return contentType().startsWith("application/apply-patch+yaml");
  }

  boolean isOfStatus() {
    return request.subresource().equals("status");
  }

  /** Whether it asks for a change that is more than a dry run. */
  boolean isWrite() {
    return List.of("create", "update", "patch", "delete").contains(request.verb()) && !isDryRun();
  }

  /** The request as a line knows it. */
  public Line.Request onTheLine() {
    return new Line.Request("kube", request.what(), isWrite(), request.userAgent());
  }

  /** Who applies. */
  String manager() {
    return parameter("fieldManager").isEmpty() ? request.userAgent() : parameter("fieldManager");
  }
}
