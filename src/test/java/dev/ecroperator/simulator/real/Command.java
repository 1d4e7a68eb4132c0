package dev.ecroperator.simulator.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of others that is run to its end, with nothing on its standard input. */
public final class Command {
  /** Longer than any of them takes on a slow machine. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private Command() {}

  /**
   * How a program ended.
   *
   * @param exitCode 0 where all went well
   * @param output what it printed, on either of its outputs
   */
  public record Answer(List<String> command, int exitCode, String output) {

    /**
     * What it printed.
     *
     * @throws IllegalStateException with the program's words where it failed
     */
    public String succeeded() {
      if (exitCode != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + exitCode + ": " + output);
      }
      return output;
    }
  }

  /** Runs these words, in this process's environment. */
  public static Answer run(String... words) {
    return run(new ProcessBuilder(words));
  }

  /**
   * Runs a program.
   *
   * @throws IllegalStateException where it does not end; it is ended then, by force
   */
  public static Answer run(ProcessBuilder program) {
    return run(program, LIMIT);
  }

  static Answer run(ProcessBuilder program, Duration limit) {
    try {
      // A file, since whatever the program leaves running would hold a pipe open.
      Path output = Files.createTempFile("command", ".txt");
      Process process = program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      try {
        process.getOutputStream().close();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          throw new IllegalStateException(
              String.join(" ", program.command())
                  + " does not end within "
                  + limit
                  + ": "
                  + Files.readString(output));
        }
        return new Answer(
            List.copyOf(program.command()), process.exitValue(), Files.readString(output));
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
