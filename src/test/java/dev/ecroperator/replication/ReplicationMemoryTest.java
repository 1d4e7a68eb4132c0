package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicationMemoryTest {
  private static Pass pass(Instant begunAt) {
    return new Pass(begunAt, Map.of(), Map.of(), null);
  }

  @Test
  void whatAPassDidIsToldOnce() {
    Pass pass = pass(Instant.EPOCH);

    assertThat(ReplicationMemory.NONE.isNews(pass)).isTrue();
    assertThat(ReplicationMemory.NONE.after(pass).isNews(pass)).isFalse();
  }

  @Test
  void whatAPassDidIsToldThoughTheClockWasSetBack() {
    ReplicationMemory memory = ReplicationMemory.NONE.after(pass(Instant.EPOCH.plusSeconds(3_600)));

    assertThat(memory.isNews(pass(Instant.EPOCH))).isTrue();
  }
}
