package dev.ecroperator.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.Header;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Carries bodies through the SDK as the JSON that they are: the SDK drops members that it does not
 * know, and what somebody else wrote shall be written back to the byte. Requests that do not ask
 * for it pass as they are.
 */
final class RawJson implements ExecutionInterceptor {
  private static final ExecutionAttribute<String> REQUEST =
      new ExecutionAttribute<>("RawJsonRequest");
  private static final ExecutionAttribute<AtomicReference<@Nullable String>> ANSWER =
      new ExecutionAttribute<>("RawJsonAnswer");

  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  /** A request whose body is replaced by {@code json}. */
  static void send(AwsRequestOverrideConfiguration.Builder override, String json) {
    override.putExecutionAttribute(REQUEST, json);
  }

  /**
   * A request whose answer's body, as it came, is kept in {@code answer}. The SDK sees an empty one
   * instead: whether it can make sense of it is not its concern.
   */
  static void keepAnswer(
      AwsRequestOverrideConfiguration.Builder override, AtomicReference<@Nullable String> answer) {
    override.putExecutionAttribute(ANSWER, answer);
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    byte[] body = body(attributes);
    return body == null ? context.requestBody() : Optional.of(RequestBody.fromBytes(body));
  }

  /** The SDK counted the body that it wrote itself, and would cut ours. */
  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    byte[] body = body(attributes);
    return body == null
        ? context.httpRequest()
        : context.httpRequest().toBuilder()
            .putHeader(Header.CONTENT_LENGTH, Integer.toString(body.length))
            .build();
  }

  private static byte @Nullable [] body(ExecutionAttributes attributes) {
    String json = attributes.getAttribute(REQUEST);
    return json == null ? null : json.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    AtomicReference<@Nullable String> answer = attributes.getAttribute(ANSWER);
    if (answer == null
        || context.responseBody().isEmpty()
        || !context.httpResponse().isSuccessful()) {
      return context.responseBody();
    }
    try (InputStream body = context.responseBody().get()) {
      answer.set(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      return Optional.of(new ByteArrayInputStream(NOTHING));
    } catch (IOException e) {
      // As the SDK where it reads a body itself: the call is made again.
      throw RetryableException.create("the answer is cut short", e);
    }
  }
}
