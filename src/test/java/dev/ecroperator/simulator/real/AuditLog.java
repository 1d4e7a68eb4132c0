package dev.ecroperator.simulator.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.simulator.kube.LoggedRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The API server's own account: who wrote which of our objects, and all that service accounts did.
 */
final class AuditLog {
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      omitManagedFields: true
      rules:
        - level: Metadata
          userGroups: ["system:serviceaccounts"]
        - level: Metadata
          verbs: [create, update, patch, delete]
          resources: [{group: ecroperator.dev}]
        - level: None
      """;

  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  private final ObjectMapper json = new ObjectMapper();
  private final Path policy;
  private final Path log;
  private final List<LoggedRequest> writes = new ArrayList<>();
  private final List<Access> accesses = new ArrayList<>();
  private long read;

  AuditLog(Path directory) throws IOException {
    policy = Files.writeString(directory.resolve("audit-policy.yaml"), POLICY);
    log = Files.createFile(directory.resolve("audit.log"));
  }

  /** The flags of the API server that make it write this log. */
  List<String> flags() {
    return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + log);
  }

  /** The writes of our objects so far, oldest first. */
  synchronized List<LoggedRequest> writes() {
    read();
    return List.copyOf(writes);
  }

  /** What service accounts asked for so far, oldest first. */
  synchronized List<Access> accesses() {
    read();
    return List.copyOf(accesses);
  }

  private void read() {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(read);
      var fresh = new byte[Math.toIntExact(file.length() - read)];
      file.readFully(fresh);
      var text = new String(fresh, StandardCharsets.UTF_8);
      // What follows the last line break is a line that is being written.
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      for (var line : whole.lines().toList()) {
        take(json.readTree(line));
      }
      read += whole.getBytes(StandardCharsets.UTF_8).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(JsonNode event) {
    var object = event.path("objectRef");
    var verb = event.path("verb").asText();
    var user = event.at("/user/username").asText();
    if (WRITES.contains(verb) && object.path("apiGroup").asText().equals("ecroperator.dev")) {
      writes.add(request(event));
    }
    if (user.startsWith("system:serviceaccount:") && object.has("resource")) {
      var subresource = object.path("subresource").asText();
      accesses.add(
          new Access(
              user,
              verb,
              object.path("apiGroup").asText(),
              object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
              object.path("namespace").asText(),
              object.path("name").asText(),
              event.at("/responseStatus/code").asInt()));
    }
  }

  private static LoggedRequest request(JsonNode event) {
    var object = event.path("objectRef");
    return new LoggedRequest(
        event.path("verb").asText(),
        object.path("resource").asText(),
        object.path("subresource").asText(),
        object.path("namespace").asText(),
        object.path("name").asText(),
        event.path("userAgent").asText());
  }
}
