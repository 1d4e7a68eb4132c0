package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One watch: writes what happens, one JSON document a line, until it ends. */
final class WatchStream {
  private static final Duration BOOKMARKS_EVERY = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Store store;
  private final Faults faults;
  private final ResourceType type;
  private final Call call;
  private final OutputStream out;
  private final Predicate<JsonNode> selection;

  WatchStream(Store store, Faults faults, ResourceType type, Call call, OutputStream out) {
    this.store = store;
    this.faults = faults;
    this.type = type;
    this.call = call;
    this.out = out;
    this.selection = selection(type, call);
  }

  /** Refuses, before the stream begins, what an older server does not know. */
  static void check(ResourceType type, Call call) {
    if (!call.parameter("sendInitialEvents").isEmpty()) {
      String why =
          "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
      throw ApiFailure.invalid(
          type, "", List.of(ApiFailure.Cause.forbidden("sendInitialEvents", why)));
    }
    Selection.of(type, call);
  }

  private static Predicate<JsonNode> selection(ResourceType type, Call call) {
    Predicate<JsonNode> byName =
        o -> call.name().isEmpty() || Json.text(o, "metadata", "name").equals(call.name());
    return byName.and(Selection.of(type, call));
  }

  void run(int generation) throws IOException, InterruptedException {
    String limit = call.parameter("timeoutSeconds");
    Duration longest = limit.isEmpty() ? LONGEST : Duration.ofSeconds(Long.parseLong(limit));
    Instant end = Instant.now().plus(longest);
    String from = call.parameter("resourceVersion");
    try {
      long seen = from.isEmpty() || from.equals("0") ? sendPresent() : Long.parseLong(from);
      Instant bookmarkDue = Instant.now().plus(BOOKMARKS_EVERY);
      while (faults.watchGeneration() == generation && Instant.now().isBefore(end)) {
        Instant wake = bookmarkDue.isBefore(end) ? bookmarkDue : end;
        for (Store.Change change : store.after(seen, Duration.between(Instant.now(), wake))) {
          seen = change.revision();
          if (faults.watchGeneration() == generation) {
            send(change);
          }
        }
        if (!Instant.now().isBefore(bookmarkDue) && call.isSet("allowWatchBookmarks")) {
          send("BOOKMARK", bookmark(seen));
          bookmarkDue = Instant.now().plus(BOOKMARKS_EVERY);
        } else if (!Instant.now().isBefore(bookmarkDue)) {
          bookmarkDue = Instant.now().plus(BOOKMARKS_EVERY);
        }
      }
    } catch (ApiFailure tooOld) {
      send("ERROR", tooOld.status());
    }
  }

  private long sendPresent() throws IOException {
    record Present(List<ObjectNode> objects, long revision) {}
    Present present =
        store.alone(
            () ->
                new Present(
                    List.copyOf(store.now(type.storedAs(), call.namespace())), store.revision()));
    for (ObjectNode object : present.objects()) {
      if (selection.test(object)) {
        send("ADDED", shown(object));
      }
    }
    return present.revision();
  }

  private ObjectNode bookmark(long seen) {
    ObjectNode bookmark =
        Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
    Json.metadata(bookmark).put("resourceVersion", Long.toString(seen));
    return bookmark;
  }

  private void send(Store.Change change) throws IOException {
    if (!Store.isIn(change.key(), type.storedAs(), call.namespace())) {
      return;
    }
    ObjectNode before = chosen(change.before());
    ObjectNode after = chosen(change.after());
    if (after != null) {
      send(before == null ? "ADDED" : "MODIFIED", shown(after));
    } else if (before != null) {
      ObjectNode last = before.deepCopy();
      Json.metadata(last).put("resourceVersion", Long.toString(change.revision()));
      send("DELETED", shown(last));
    }
  }

  private @Nullable ObjectNode chosen(@Nullable ObjectNode object) {
    return object != null && selection.test(object) ? object : null;
  }

  private ObjectNode shown(ObjectNode object) {
    if (!call.wantsTable()) {
      return type.shown(object);
    }
    ObjectNode metadata =
        Json.object().put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
    String include = call.query().getOrDefault("includeObject", "Metadata");
    return Tables.of(type, List.of(object), metadata, include);
  }

  private void send(String event, ObjectNode object) throws IOException {
    ObjectNode line = Json.object().put("type", event);
    line.set("object", object);
    out.write(Json.write(line));
    out.write('\n');
    out.flush();
  }
}
