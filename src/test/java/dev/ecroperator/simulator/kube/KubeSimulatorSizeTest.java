package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds the simulator to 600 lines: statements and declarations, so that neither comments nor how
 * the formatter breaks lines decide. What grows beyond belongs to the real API server.
 */
class KubeSimulatorSizeTest {
  private static final Path ROOM = Path.of("src/test/java/dev/ecroperator/simulator/kube");

  @Test
  void aNewcomerReadsTheWholeSimulatorInOneSitting() throws IOException {
    int size = 0;
    for (Path file : sources()) {
      size += size(file);
    }

    assertThat(size).isBetween(400, 600);
  }

  /** The simulator's own files: neither the tests of it nor what they share. */
  private static List<Path> sources() throws IOException {
    try (var files = Files.list(ROOM)) {
      return files
          .filter(
              file ->
                  !file.toString()
                      .matches(".*(Test|IT|UnderTest|Differences|Connected.*|info)\\.java"))
          .toList();
    }
  }

  private static int size(Path file) throws IOException {
    AtomicInteger size = new AtomicInteger();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var source = files.getJavaFileObjects(file);
      var task = (JavacTask) compiler.getTask(null, files, null, null, null, source);
      task.parse().forEach(unit -> unit.accept(new Counting(), size));
    }
    return size.get();
  }

  /** Counts the members of types, and the statements of blocks and cases. */
  private static final class Counting extends TreeScanner<@Nullable Void, AtomicInteger> {
    @Override
    public @Nullable Void visitClass(ClassTree type, AtomicInteger size) {
      size.addAndGet(1 + type.getMembers().size());
      return super.visitClass(type, size);
    }

    @Override
    public @Nullable Void visitBlock(BlockTree block, AtomicInteger size) {
      size.addAndGet(block.getStatements().size());
      return super.visitBlock(block, size);
    }

    @Override
    public @Nullable Void visitCase(CaseTree each, AtomicInteger size) {
      size.incrementAndGet();
      return super.visitCase(each, size);
    }
  }
}
