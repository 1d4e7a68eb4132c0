package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** How a service's requests and answers look on the wire. */
enum Protocol {
  /** AWS JSON 1.1: ecr and ecr-public. */
  JSON("application/x-amz-json-1.1") {
    @Override
    ObjectNode input(byte[] body) throws IOException {
      return Json.object(body);
    }

    @Override
    byte[] success(String operation, ObjectNode answer) {
      return Json.bytes(answer);
    }

    @Override
    byte[] error(AwsError error) {
      return Json.bytes(Json.object().put("__type", error.code()).put("message", error.text()));
    }
  },

  /** The query protocol: a form in, XML out. */
  QUERY("text/xml") {
    @Override
    ObjectNode input(byte[] body) {
      ObjectNode input = Json.object();
      for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          input.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
      return input;
    }

    @Override
    byte[] success(String operation, ObjectNode answer) {
      ObjectNode root = Json.object();
      ObjectNode response = root.putObject(operation + "Response");
      response.set(operation + "Result", answer);
      response.putObject("ResponseMetadata").put("RequestId", "simulated");
      return xml(root).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    byte[] error(AwsError error) {
      ObjectNode root = Json.object();
      ObjectNode response = root.putObject("ErrorResponse");
      response
          .putObject("Error")
          .put("Type", "Sender")
          .put("Code", error.code())
          .put("Message", error.text());
      response.put("RequestId", "simulated");
      return xml(root).getBytes(StandardCharsets.UTF_8);
    }
  };

  private final String contentType;

  Protocol(String contentType) {
    this.contentType = contentType;
  }

  static Protocol of(String service) {
    return service.equals("sts") ? QUERY : JSON;
  }

  String contentType() {
    return contentType;
  }

  abstract ObjectNode input(byte[] body) throws IOException;

  abstract byte[] success(String operation, ObjectNode answer);

  abstract byte[] error(AwsError error);

  private static String xml(JsonNode node) {
    if (!node.isObject()) {
      return node.asText().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
    StringBuilder xml = new StringBuilder();
    node.properties()
        .forEach(e -> xml.append("<%1$s>%2$s</%1$s>".formatted(e.getKey(), xml(e.getValue()))));
    return xml.toString();
  }
}
