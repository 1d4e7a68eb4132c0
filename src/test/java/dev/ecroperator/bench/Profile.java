package dev.ecroperator.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where the operator's time and memory went, by its flight recording. */
record Profile(Path recording) {
  private static final int SHOWN = 12;

  void print(PrintStream out) throws IOException {
    Map<String, Long> packages = new HashMap<>();
    Map<String, Long> methods = new HashMap<>();
    Map<String, Long> allocations = new HashMap<>();
    Map<String, Long> locks = new HashMap<>();
    try (var file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        switch (event.getEventType().getName()) {
          case "jdk.ExecutionSample" -> {
            methods.merge(top(event), 1L, Long::sum);
            packages.merge(packageOf(top(event)), 1L, Long::sum);
          }
          case "jdk.ObjectAllocationSample" ->
              allocations.merge(
                  event.getClass("objectClass").getName(), event.getLong("weight"), Long::sum);
          case "jdk.JavaMonitorEnter" ->
              locks.merge(top(event), event.getDuration().toMillis(), Long::sum);
          default -> {
            // Not asked for.
          }
        }
      }
    }
    print(out, "processor samples by package", packages);
    print(out, "processor samples by method", methods);
    print(out, "bytes allocated by class", allocations);
    print(out, "milliseconds waited for a monitor", locks);
  }

  private static String top(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return "unknown";
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    if (frames.isEmpty()) {
      return "unknown";
    }
    var method = frames.getFirst().getMethod();
    return method.getType().getName() + "." + method.getName();
  }

  private static String packageOf(String method) {
    String[] parts = method.split("\\.");
    return String.join(".", List.of(parts).subList(0, Math.min(3, parts.length)));
  }

  private static void print(PrintStream out, String title, Map<String, Long> numbers) {
    long total = numbers.values().stream().mapToLong(Long::longValue).sum();
    out.printf("%n%s (%,d in all)%n", title, total);
    numbers.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SHOWN)
        .forEach(
            entry ->
                out.printf("  %5.1f %%  %s%n", 100.0 * entry.getValue() / total, entry.getKey()));
    out.println();
  }
}
