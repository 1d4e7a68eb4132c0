package dev.ecroperator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ecroperator.api.ListOf;
import dev.ecroperator.api.OneOf;
import dev.ecroperator.api.Repository;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The CRDs as the records say: Fabric8's generator, and what it leaves out.
 *
 * <p>What is added is listed in {@link #complete}.
 */
final class CustomResourceDefinitions {

  static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(Repository.class);

  private CustomResourceDefinitions() {}

  /** The text of each CRD by the name of its file. */
  static SortedMap<String, String> generate() {
    var texts = new TreeMap<String, ByteArrayOutputStream>();
    var output =
        new CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream>() {
          @Override
          protected ByteArrayOutputStream createStreamFor(String crdName) {
            return texts.computeIfAbsent(crdName + ".yml", _ -> new ByteArrayOutputStream());
          }
        };
    var generator =
        new CRDGenerator()
            .customResourceClasses(List.copyOf(KINDS))
            .forCRDVersions("v1")
            .withMinQuotes(true)
            .withParallelGenerationEnabled(false)
            .withPostProcessor(
                new CRDPostProcessor() {
                  @Override
                  public HasMetadata process(HasMetadata crd, String version) {
                    return complete((CustomResourceDefinition) crd);
                  }
                })
            .withOutput(output);
    try (output) {
      generator.generate();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var result = new TreeMap<String, String>();
    texts.forEach(
        (file, bytes) ->
            result.put(
                file,
                bytes
                    .toString(StandardCharsets.UTF_8)
                    .replaceFirst(
                        "(?s)^.*?---\n", // the generator's own remark
                        "# Generated from the records in src/main/java/dev/ecroperator/api: change"
                            + " those, then run\n#   "
                            + CustomResourceDefinitionsTest.REWRITE
                            + "\n---\n")));
    return result;
  }

  /** What the generator leaves out. */
  private static CustomResourceDefinition complete(CustomResourceDefinition crd) {
    var kind = kind(crd.getSpec().getNames().getKind());
    crd.getSpec().getNames().setCategories(List.of("ecr"));
    var version = crd.getSpec().getVersions().getFirst();
    version.setAdditionalPrinterColumns(inOrder(version.getAdditionalPrinterColumns(), kind));

    var root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
    // An update that drops spec, and another that sets it anew, would get round immutability.
    root.setRequired(List.of("spec"));

    var types = specAndStatus(kind);
    var spec = property(root, "spec");
    spec.setDescription("What is wanted.");
    fromRecord(types[0], spec);

    var status = property(root, "status");
    status.setDescription("What the operator last saw and did. Written by the operator only.");
    // Without a generation, kstatus would take an object for current that nobody has looked at yet.
    var unseen = JsonNodeFactory.instance.objectNode();
    unseen.set("observedGeneration", IntNode.valueOf(-1));
    status.setDefault(unseen);
    fromRecord(types[1], status);
    accepting(status);
    return crd;
  }

  private static Class<? extends CustomResource<?, ?>> kind(String name) {
    return KINDS.stream().filter(k -> k.getSimpleName().equals(name)).findFirst().orElseThrow();
  }

  private static Class<?>[] specAndStatus(Class<? extends CustomResource<?, ?>> kind) {
    var arguments = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
    return new Class<?>[] {(Class<?>) arguments[0], (Class<?>) arguments[1]};
  }

  /** The generator sorts columns by their path; people read them in the order of the kind. */
  private static List<CustomResourceColumnDefinition> inOrder(
      List<CustomResourceColumnDefinition> columns, Class<?> kind) {
    return Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
        .map(
            wanted ->
                columns.stream()
                    .filter(column -> column.getName().equals(wanted.name()))
                    .findFirst()
                    .orElseThrow())
        .toList();
  }

  /** Enums, list types and integer formats; rules that the generator says twice are said once. */
  private static void fromRecord(Class<?> type, JSONSchemaProps schema) {
    once(schema);
    for (var component : type.getRecordComponents()) {
      var property = property(schema, component.getName());
      once(property);
      var field = field(type, component.getName());
      var oneOf = field.getAnnotation(OneOf.class);
      if (oneOf != null) {
        property.setEnum(List.copyOf(Arrays.stream(oneOf.value()).map(TextNode::valueOf).toList()));
      }
      var listOf = field.getAnnotation(ListOf.class);
      if (listOf != null) {
        property.setXKubernetesListType(listOf.value().name().toLowerCase(Locale.ROOT));
        property.setXKubernetesListMapKeys(listOf.key().isEmpty() ? null : List.of(listOf.key()));
      }
      if (component.getType() == Integer.class) {
        property.setFormat("int32");
      } else if (component.getType() == Long.class) {
        property.setFormat("int64");
      }
      var nested = record(component.getGenericType());
      if (nested != null) {
        fromRecord(
            nested, property.getItems() == null ? property : property.getItems().getSchema());
      }
    }
  }

  private static void once(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
  }

  /** The record that a component holds, alone or in a list. */
  private static @Nullable Class<?> record(Type type) {
    return switch (type) {
      case Class<?> c when c.isRecord() -> c;
      case ParameterizedType list when list.getRawType() == List.class ->
          record(list.getActualTypeArguments()[0]);
      default -> null;
    };
  }

  /**
   * Status shares records with spec, and says what AWS has: none of it is ever refused, for that
   * would refuse the whole status.
   */
  private static void accepting(JSONSchemaProps schema) {
    schema.setEnum(null);
    schema.setPattern(null);
    schema.setMinLength(null);
    schema.setMaxLength(null);
    schema.setMinItems(null);
    schema.setMaxItems(null);
    schema.setMinProperties(null);
    schema.setMaxProperties(null);
    schema.setMinimum(null);
    schema.setMaximum(null);
    schema.setXKubernetesValidations(null);
    if ("set".equals(schema.getXKubernetesListType())) {
      schema.setXKubernetesListType(null);
    }
    schema.setRequired(null);
    properties(schema).values().forEach(CustomResourceDefinitions::accepting);
    if (schema.getItems() != null) {
      accepting(schema.getItems().getSchema());
      schema.getItems().getSchema().setRequired(schema.getXKubernetesListMapKeys());
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      accepting(schema.getAdditionalProperties().getSchema());
    }
  }

  private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    var property = schema.getProperties().get(name);
    if (property == null) {
      throw new IllegalStateException("the generator left out " + name);
    }
    return property;
  }

  private static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
    return schema.getProperties() == null ? Map.of() : schema.getProperties();
  }

  private static Field field(Class<?> type, String name) {
    try {
      return type.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
