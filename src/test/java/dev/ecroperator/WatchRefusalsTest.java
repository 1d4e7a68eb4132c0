package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class WatchRefusalsTest {
  private static final String REPOSITORIES = "repositories.ecroperator.dev";
  private static final URI WATCH =
      URI.create(
          "https://kubernetes.test/apis/ecroperator.dev/v1alpha1/repositories"
              + "?allowWatchBookmarks=true&resourceVersion=5&watch=true");
  private static final URI WATCH_IN_A_NAMESPACE =
      URI.create(
          "wss://kubernetes.test/apis/ecroperator.dev/v1alpha1/namespaces/payments/repositories"
              + "?watch=true");

  private final AtomicLong nanos = new AtomicLong();
  private final WatchRefusals refusals = new WatchRefusals(nanos::get);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(WatchRefusals.class);

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private List<String> told() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whatIsRefusedIsToldAtOnceAndThenRarely() {
    refusals.tell();
    refusals.answered(WATCH, 403);
    assertThat(told()).singleElement().asString().contains(REPOSITORIES, "'list' and 'watch'");
    nanos.addAndGet(WatchRefusals.TOLD_EVERY.toNanos() - 1);
    refusals.answered(WATCH, 403);
    assertThat(told()).hasSize(1);
    nanos.addAndGet(1);
    refusals.answered(WATCH, 403);
    assertThat(told()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200})
  void whatIsPermittedAgainIsTold(int answer) {
    refusals.tell();
    refusals.answered(WATCH, 403);
    refusals.answered(WATCH, answer);
    refusals.answered(WATCH, answer);
    assertThat(told())
        .hasSize(2)
        .last()
        .isEqualTo("repositories.ecroperator.dev may be watched again");
    assertThat(refusals.refused()).isEmpty();
  }

  @Test
  void eachNamespaceIsToldByItself() {
    refusals.tell();
    refusals.answered(WATCH, 403);
    refusals.answered(WATCH_IN_A_NAMESPACE, 403);
    assertThat(told()).hasSize(2);
    assertThat(refusals.refused())
        .containsExactly(REPOSITORIES, REPOSITORIES + " in the namespace payments");
  }

  @Test
  void duringTheStartItIsTheStartThatTells() {
    refusals.answered(WATCH, 403);
    assertThat(told()).isEmpty();
    assertThat(refusals.refused()).containsExactly(REPOSITORIES);
    refusals.tell();
    assertThat(told()).hasSize(1);
  }

  @Test
  void whatIsNoRefusalOfAWatchIsNotTold() {
    refusals.tell();
    refusals.answered(WATCH, 500);
    refusals.answered(WATCH, 410);
    refusals.answered(URI.create("https://kubernetes.test/version"), 403);
    refusals.answered(
        URI.create("https://kubernetes.test/apis/ecroperator.dev/v1alpha1/repositories?limit=1"),
        403);
    assertThat(told()).isEmpty();
    assertThat(refusals.refused()).isEmpty();
  }
}
