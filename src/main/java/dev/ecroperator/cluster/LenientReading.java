package dev.ecroperator.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.api.Manifest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads each of our objects for itself: one whose spec is not of our types is read without it, and
 * says so. Else the client would give up the whole list, or the watch, and with it all others.
 */
public final class LenientReading extends DelegatingDeserializer {
  private static final long serialVersionUID = 1;

  /** The rest of an object is Kubernetes' own, and fits always. */
  private static final Set<String> CAN_BE_LEFT_OUT = Set.of(".spec", ".status");

  private LenientReading(JsonDeserializer<?> strict) {
    super(strict);
  }

  /** How the client is to read and write JSON. */
  public static KubernetesSerialization serialization() {
    var module =
        new SimpleModule()
            .setDeserializerModifier(
                new BeanDeserializerModifier() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public JsonDeserializer<?> modifyDeserializer(
                      DeserializationConfig config,
                      BeanDescription bean,
                      JsonDeserializer<?> deserializer) {
                    return Manifest.class.isAssignableFrom(bean.getBeanClass())
                        ? new LenientReading(deserializer)
                        : deserializer;
                  }
                });
    return new KubernetesSerialization(new ObjectMapper().registerModule(module), true);
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> strict) {
    return new LenientReading(strict);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    ObjectNode object = context.readValue(parser, ObjectNode.class);
    Set<String> kept = new HashSet<>(CAN_BE_LEFT_OUT);
    String unreadable = null;
    while (true) {
      try {
        Manifest<?, ?> read = (Manifest<?, ?>) super.deserialize(begin(object, parser), context);
        read.markUnreadable(unreadable);
        return read;
      } catch (JsonMappingException unfit) {
        String member = unfit.getPath().isEmpty() ? "" : text(unfit.getPath().getFirst());
        if (!kept.remove(member)) {
          throw unfit;
        }
        object.putObject(member.substring(1));
        // That of the status is the last word: it forbids to write one.
        unreadable = unreadable == null || member.equals(".status") ? path(unfit) : unreadable;
      }
    }
  }

  private static JsonParser begin(ObjectNode object, JsonParser outer) throws IOException {
    JsonParser parser = object.traverse(outer.getCodec());
    parser.nextToken();
    return parser;
  }

  /** Where it does not fit; Jackson's words are about Java classes, and quote the value. */
  private static String path(JsonMappingException unfit) {
    return unfit.getPath().stream()
        .map(LenientReading::text)
        .collect(Collectors.joining())
        .substring(1);
  }

  private static String text(JsonMappingException.Reference step) {
    return step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName();
  }
}
