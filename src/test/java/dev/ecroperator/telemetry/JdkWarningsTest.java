package dev.ecroperator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JdkWarningsTest {
  @Test
  void whatTheJdkWarnsOfIsLoggedAsTheRestIs() {
    String name = "of.the.jdk";
    var jdks = java.util.logging.Logger.getLogger(name);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    var logger = (Logger) LoggerFactory.getLogger(name);
    logger.addAppender(logged);
    try {
      JdkWarnings.take();
      jdks.info("of no interest");
      jdks.log(java.util.logging.Level.WARNING, "{0} is odd", "a secret");
      var severe = new LogRecord(java.util.logging.Level.SEVERE, null);
      severe.setLoggerName(name);
      severe.setThrown(new IllegalStateException());
      jdks.log(severe);
    } finally {
      logger.detachAppender(logged);
    }

    assertThat(logged.list).hasSize(2);
    assertThat(logged.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    // As of every library, what it filled in may be anything.
    assertThat(LogLine.of(logged.list.getFirst()).message()).isEqualTo("{0} is odd");
    assertThat(logged.list.getLast().getLevel()).isEqualTo(Level.ERROR);
    assertThat(LogLine.of(logged.list.getLast()).exceptions())
        .containsExactly("java.lang.IllegalStateException");
  }

  @Test
  void nothingOfTheJdkIsPrintedBesides() {
    JdkWarnings.take();

    assertThat(java.util.logging.Logger.getLogger("").getHandlers()).hasSize(1);
  }
}
