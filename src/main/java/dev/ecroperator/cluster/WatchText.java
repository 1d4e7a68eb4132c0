package dev.ecroperator.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Has what a watch brings come as ASCII, all else escaped as JSON has it. Where a watch cannot have
 * a WebSocket, the client (7.5.2, {@code WatchHTTPManager}) reads it piece by piece, and reads a
 * character of several bytes wrongly: one such character in one object would end the watch of all.
 */
public final class WatchText implements Interceptor {

  /** Whether the request is one for a watch. */
  public static boolean isWatch(URI uri) {
    String query = uri.getQuery();
    return query != null && List.of(query.split("&", -1)).contains("watch=true");
  }

  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (!isWatch(request.uri())) {
      return consumer;
    }
    var escaping = new Escaping();
    return (pieces, body) -> consumer.consume(List.of(escaping.next(pieces)), body);
  }

  /** One watch's text, which may be cut anywhere. */
  private static final class Escaping {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The first bytes of a character whose others are still to come. */
    private ByteBuffer begun = ByteBuffer.allocate(0);

    ByteBuffer next(List<ByteBuffer> pieces) {
      int length = begun.remaining() + pieces.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer bytes = ByteBuffer.allocate(length).put(begun);
      pieces.forEach(bytes::put);
      bytes.flip();
      CharBuffer text = CharBuffer.allocate(length);
      decoder.decode(bytes, text, false);
      begun = bytes;
      return escaped(text.flip());
    }

    private static ByteBuffer escaped(CharBuffer text) {
      var ascii = new ByteArrayOutputStream(text.remaining());
      while (text.hasRemaining()) {
        char next = text.get();
        if (next < 0x80) {
          ascii.write(next);
        } else {
          ascii.writeBytes("\\u%04x".formatted((int) next).getBytes(StandardCharsets.US_ASCII));
        }
      }
      return ByteBuffer.wrap(ascii.toByteArray());
    }
  }
}
