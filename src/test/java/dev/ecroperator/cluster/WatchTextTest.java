package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTextTest {
  private static final String WATCH = "?resourceVersion=5&watch=true";
  private static final String TEXT = "{\"a\":\"für 😀 \\u00e9\"}\n{\"b\":\"…\"}\n";
  private static final String ESCAPED =
      "{\"a\":\"f\\u00fcr \\ud83d\\ude00 \\u00e9\"}\n{\"b\":\"\\u2026\"}\n";

  /** What the client is given of these pieces. */
  private static String read(String query, byte[]... pieces) throws Exception {
    StringBuilder read = new StringBuilder();
    var request =
        new StandardHttpRequest.Builder()
            .uri(URI.create("https://kubernetes.test/api/v1/pods" + query))
            .build();
    AsyncBody.Consumer<List<ByteBuffer>> consumer =
        new WatchText()
            .consumer(
                (buffers, body) ->
                    buffers.forEach(
                        buffer -> read.append(StandardCharsets.UTF_8.decode(buffer).array())),
                request);
    List<ByteBuffer> none = new ArrayList<>();
    consumer.consume(none, null);
    for (byte[] piece : pieces) {
      consumer.consume(List.of(ByteBuffer.wrap(piece)), null);
    }
    return read.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void aWatchIsReadWhereverItsTextIsCut(int length) throws Exception {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    byte[][] pieces =
        IntStream.iterate(0, from -> from < bytes.length, from -> from + length)
            .mapToObj(
                from -> Arrays.copyOfRange(bytes, from, Math.min(from + length, bytes.length)))
            .toArray(byte[][]::new);
    assertThat(read(WATCH, pieces)).isEqualTo(ESCAPED);
  }

  @Test
  void whatIsNoTextAtAllEndsNothing() throws Exception {
    assertThat(read(WATCH, new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\\ufffdb");
  }

  @Test
  void allElsePassesAsItIs() throws Exception {
    byte[] bytes = "plain".getBytes(StandardCharsets.UTF_8);
    assertThat(read("?limit=1", bytes)).isEqualTo("plain");
    assertThat(read("?limit=1", TEXT.getBytes(StandardCharsets.UTF_8))).doesNotContain("\\u00fc");
  }
}
