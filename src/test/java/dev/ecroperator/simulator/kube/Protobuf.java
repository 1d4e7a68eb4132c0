package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * As much protobuf as `kubectl create namespace`, `configmap`, `secret` and `serviceaccount` and
 * `kubectl auth can-i` send: they have no flag that makes them speak JSON.
 */
final class Protobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final Map<Integer, String> METADATA =
      Map.of(1, "name", 2, "generateName", 3, "namespace");
  private static final Map<Integer, String> METADATA_MAPS = Map.of(11, "labels", 12, "annotations");

  /** A field of a message; numbers are left out, for nothing here needs them. */
  private record Field(int number, String bytes) {
    String text() {
      return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    String base64() {
      return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private Protobuf() {}

  static boolean is(byte[] body) {
    return body.length > MAGIC.length
        && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static ObjectNode read(byte[] body) {
    // Latin 1 keeps every byte as one character.
    String envelope =
        new String(body, MAGIC.length, body.length - MAGIC.length, StandardCharsets.ISO_8859_1);
    ObjectNode object = Json.object();
    String raw = "";
    for (Field field : fields(envelope)) {
      if (field.number() == 1) {
        for (Field type : fields(field.bytes())) {
          object.put(type.number() == 1 ? "apiVersion" : "kind", type.text());
        }
      } else if (field.number() == 2) {
        raw = field.bytes();
      }
    }
    String kind = Json.text(object, "kind");
    for (Field field : fields(raw)) {
      switch (kind + "." + field.number()) {
        case "Namespace.1", "ConfigMap.1", "Secret.1", "ServiceAccount.1" ->
            metadata(field, Json.metadata(object));
        case "ConfigMap.2", "Secret.2" -> entry(field, object, "data", kind.equals("Secret"));
        case "ConfigMap.3" -> entry(field, object, "binaryData", true);
        case "Secret.3" -> object.put("type", field.text());
        default -> {}
      }
    }
    return object;
  }

  private static void metadata(Field message, ObjectNode metadata) {
    for (Field field : fields(message.bytes())) {
      if (METADATA.containsKey(field.number()) && !field.bytes().isEmpty()) {
        metadata.put(METADATA.get(field.number()), field.text());
      } else if (METADATA_MAPS.containsKey(field.number())) {
        entry(field, metadata, METADATA_MAPS.get(field.number()), false);
      }
    }
  }

  private static void entry(Field message, ObjectNode object, String member, boolean binary) {
    List<Field> pair = fields(message.bytes());
    if (pair.size() == 2) {
      String value = binary ? pair.get(1).base64() : pair.get(1).text();
      object.withObjectProperty(member).put(pair.get(0).text(), value);
    }
  }

  private static List<Field> fields(String message) {
    List<Field> fields = new ArrayList<>();
    Cursor cursor = new Cursor(message);
    while (cursor.at < message.length()) {
      int tag = cursor.number();
      switch (tag & 7) {
        case 0 -> cursor.number();
        case 1 -> cursor.at += 8;
        case 5 -> cursor.at += 4;
        default -> fields.add(new Field(tag >>> 3, cursor.bytes()));
      }
    }
    return fields;
  }

  private static final class Cursor {
    private final String message;
    private int at;

    Cursor(String message) {
      this.message = message;
    }

    int number() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        char part = message.charAt(at++);
        value |= (part & 0x7f) << shift;
        if (part < 0x80) {
          return value;
        }
      }
    }

    String bytes() {
      int length = number();
      at += length;
      return message.substring(at - length, at);
    }
  }
}
