package dev.ecroperator.endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the operator's process comes to be: from the jar, or out of an image. */
@FunctionalInterface
public interface Launch {
  /**
   * The process, not started.
   *
   * @param environment all that the operator finds in its environment, but for what the place that
   *     it runs in adds
   * @param arguments the operator's own
   */
  ProcessBuilder process(Map<String, String> environment, List<String> arguments);

  /** Of the jar that the build has packaged, on this JVM, with the options of that file. */
  static Launch ofJar(Path jvmOptions) {
    return (environment, arguments) -> {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("@" + jvmOptions);
      command.add("-jar");
      command.add(OperatorProcess.JAR.toString());
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder;
    };
  }
}
