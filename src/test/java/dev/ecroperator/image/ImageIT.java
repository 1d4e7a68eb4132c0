package dev.ecroperator.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.endtoend.StoredObject;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.kube.KubeSimulator;
import dev.ecroperator.simulator.real.RealPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mvnw -Pimage} has built: what is in it, and the operator run out of it. */
class ImageIT {
  private static final Path TAR = Path.of("target", "image", "ecr-operator.tar");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String REGION = "eu-west-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The build's, as the pom has it. */
  private static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");

  /** Jib gives this time to the folders and files that it makes of itself. */
  private static final Instant JIB_TIME = Instant.EPOCH.plusSeconds(1);

  private static final Pattern PLACES =
      Pattern.compile(
          "app/(classpath/ecr-operator\\.jar|libs/[^/]+\\.jar|licenses/[^/]+\\.txt|jvm\\.options"
              + "|sbom\\.cdx\\.json|ecr-operator\\.aot|jib-classpath-file|jib-main-class-file)");

  /** Such as: {@code (EPL-2.0) (LGPL-2.1-only) Logback (ch.qos.logback:logback-core:1.5 - ...)}. */
  private static final Pattern LICENSED =
      Pattern.compile("^ +((?:\\([^()]+\\) )+).*\\(\\S+ - .*\\)$");

  @TempDir static Path folder;

  private static ImageArchive image;

  /** The files of our own layers, by path; their content is read from {@link #root}. */
  private static final Map<String, TarArchiveEntry> entries = new TreeMap<>();

  private static Container container;
  private static Path root;

  @BeforeAll
  static void unpack() throws IOException {
    if (!Files.exists(TAR)) {
      RealPart.IMAGE.missing(TAR + " is missing");
    }
    image = ImageArchive.read(TAR, Files.createDirectory(folder.resolve("image")));
    container = Container.of(image, folder);
    root = container.root();
    if (Files.mismatch(root.resolve("app/classpath/ecr-operator.jar"), OperatorProcess.JAR) >= 0) {
      RealPart.IMAGE.missing(TAR + " is of another build");
    }
    for (ImageArchive.Layer layer : ownLayers()) {
      for (TarArchiveEntry entry : layer.entries()) {
        entries.put(entry.getName(), entry);
      }
    }
  }

  private static List<ImageArchive.Layer> ownLayers() {
    long ours =
        image
            .config()
            .path("history")
            .valueStream()
            .filter(step -> step.path("created_by").asText().startsWith("jib-maven-plugin"))
            .count();
    List<ImageArchive.Layer> all = image.layers();
    return all.subList(all.size() - Math.toIntExact(ours), all.size());
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void itRunsTheOperatorAsAUserThatIsNotRoot() {
    JsonNode config = image.config().path("config");
    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/app");
    assertThat(config.path("Entrypoint").valueStream().map(JsonNode::asText))
        .containsExactly(
            "java",
            "@/app/jvm.options",
            "-cp",
            "@/app/jib-classpath-file",
            "dev.ecroperator.OperatorMain");
    assertThat(config.path("Cmd").valueStream()).isEmpty();
    assertThat(config.path("ExposedPorts").fieldNames()).toIterable().containsExactly("8080/tcp");
    assertThat(config.path("Volumes").properties()).isEmpty();
    assertThat(image.config().path("os").asText()).isEqualTo("linux");
    assertThat(image.config().path("architecture").asText())
        .isEqualTo(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
  }

  @Test
  void itsLabelsTellWhatItIs() {
    JsonNode labels = image.config().at("/config/Labels");
    Map<String, String> told = new TreeMap<>();
    labels.properties().forEach(label -> told.put(label.getKey(), label.getValue().asText()));
    assertThat(told.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    "title",
                    "description",
                    "version",
                    "revision",
                    "created",
                    "licenses",
                    "vendor",
                    "url",
                    "source",
                    "documentation")
                .map(name -> "org.opencontainers.image." + name)
                .toList());
    assertThat(told.values())
        .allSatisfy(value -> assertThat(value).isNotBlank().doesNotContain("${"));
    assertThat(told)
        .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
        .containsEntry("org.opencontainers.image.title", "ECR Operator");
    assertThat(image.config().path("created").asText()).isEqualTo(TIME.toString());
  }

  @Test
  void itHasTheJarItsLibrariesAndNothingElse() throws IOException {
    List<String> places =
        entries.values().stream()
            .filter(entry -> !entry.isDirectory())
            .map(TarArchiveEntry::getName)
            .toList();
    assertThat(places).allSatisfy(place -> assertThat(place).matches(PLACES));

    try (Stream<Path> tested = Files.list(Path.of("target", "lib"))) {
      assertThat(
              files("app/libs").stream().collect(Collectors.toMap(ImageIT::name, ImageIT::sha256)))
          .isEqualTo(tested.collect(Collectors.toMap(ImageIT::name, ImageIT::sha256)));
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @Test
  void noTestClassIsInIt() throws IOException {
    Path tests = Path.of("target", "test-classes");
    List<String> found = new ArrayList<>();
    try (JarFile jar = new JarFile(root.resolve("app/classpath/ecr-operator.jar").toFile())) {
      jar.stream()
          .filter(entry -> !entry.isDirectory() && !entry.getName().endsWith("/package-info.class"))
          .filter(entry -> Files.exists(tests.resolve(entry.getName())))
          .forEach(entry -> found.add(entry.getName()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void itsFilesAreRootsAndOfOneTime() {
    assertThat(entries.values())
        .isNotEmpty()
        .allSatisfy(
            entry -> {
              assertThat(entry.getLongUserId()).as(entry.getName()).isZero();
              assertThat(entry.getLongGroupId()).as(entry.getName()).isZero();
              assertThat(entry.getMode() & 07777)
                  .as(entry.getName())
                  .isEqualTo(entry.isDirectory() ? 0755 : 0644);
              assertThat(entry.getLastModifiedTime().toInstant())
                  .as(entry.getName())
                  .isIn(TIME, JIB_TIME);
            });
  }

  @Test
  void nothingOfThisMachineOrASecretIsInIt() throws IOException {
    List<String> telltales =
        List.of(
            OperatorProcess.SECRET,
            Path.of("").toAbsolutePath().toString(),
            Path.of(System.getProperty("user.home"), ".m2").toString(),
            "PRIVATE KEY-----\nMII");
    List<String> found = new ArrayList<>();
    for (ImageArchive.Layer layer : ownLayers()) {
      layer.forEach(
          (entry, content) -> {
            String text = new String(content.readAllBytes(), ISO_8859_1);
            telltales.stream()
                .filter(text::contains)
                .forEach(telltale -> found.add(entry.getName() + ": " + telltale));
          });
    }
    telltales.stream()
        .filter(image.config().toString()::contains)
        .forEach(telltale -> found.add("configuration: " + telltale));
    assertThat(found).isEmpty();
  }

  @Test
  void theBillOfMaterialsListsEachLibrary() throws IOException {
    JsonNode bill = JSON.readTree(root.resolve("app/sbom.cdx.json").toFile());
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.at("/metadata/component/name").asText()).isEqualTo("ecr-operator");
    List<String> listed =
        bill.path("components")
            .valueStream()
            .flatMap(component -> component.path("hashes").valueStream())
            .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
            .map(hash -> hash.path("content").asText())
            .toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            files("app/libs").stream().map(ImageIT::sha256).toList());
  }

  @Test
  void theLicenceOfEachLibraryIsInIt() throws IOException {
    var named = new TreeSet<String>();
    int libraries = 0;
    for (String line : Files.readAllLines(root.resolve("app/licenses/THIRD-PARTY.txt"))) {
      Matcher licensed = LICENSED.matcher(line);
      if (licensed.matches()) {
        libraries++;
        named.addAll(List.of(licensed.group(1).strip().replaceAll("[()]", "").split(" ")));
      }
    }
    assertThat(libraries).isEqualTo(files("app/libs").size());
    assertThat(named).contains("Apache-2.0", "MIT");
    assertThat(named)
        .allSatisfy(
            licence ->
                assertThat(root.resolve("app/licenses/" + licence + ".txt")).isNotEmptyFile());
  }

  private static void needsAContainer() {
    String obstacle = Container.obstacle();
    if (!obstacle.isEmpty()) {
      RealPart.IMAGE.missing(obstacle);
    }
  }

  private List<String> run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "operator", ".log");
    try (OperatorProcess operator = OperatorProcess.start(container, environment, log, arguments)) {
      assertThat(operator.awaitExit()).as(() -> operator.output().toString()).isZero();
      return operator.output();
    }
  }

  @Test
  void argumentsAreTheOperators() throws Exception {
    needsAContainer();
    assertThat(run(Map.of(), "--version"))
        .singleElement()
        .asString()
        .isEqualTo(
            "ecr-operator "
                + image.config().at("/config/Labels/org.opencontainers.image.version").asText());
  }

  @Test
  void theHeapIsAShareOfTheContainersMemoryOrAsTold() throws Exception {
    needsAContainer();
    assertThat(maxHeap(Map.of("JAVA_TOOL_OPTIONS", "-XX:MaxRAM=256m"))).isBetween(140L, 160L);
    assertThat(maxHeap(Map.of("JAVA_TOOL_OPTIONS", "-Xmx100m"))).isEqualTo(100);
    assertThat(
            maxHeap(
                Map.of(
                    "JAVA_TOOL_OPTIONS",
                    "-XX:MaxRAM=256m",
                    "_JAVA_OPTIONS",
                    "-XX:MaxRAMPercentage=80")))
        .isBetween(195L, 210L);
  }

  /** In MiB. */
  private long maxHeap(Map<String, String> environment) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.merge("JAVA_TOOL_OPTIONS", "-XX:+PrintFlagsFinal", (left, right) -> left + " " + right);
    return run(all, "--version").stream()
        .filter(line -> line.contains(" MaxHeapSize "))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*= *([0-9]+) .*", "$1")) >> 20)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itWorksWithReadOnlyFilesAndStartsRehearsed() throws Exception {
    needsAContainer();
    try (EcrSimulator ecr = EcrSimulator.start();
        KubeSimulator kube = KubeSimulator.start(Path.of("crds"))) {
      ObjectNode repository =
          JSON.createObjectNode()
              .put("apiVersion", "ecroperator.dev/v1alpha1")
              .put("kind", "Repository");
      repository.withObject("/metadata").put("name", "hello").put("namespace", "default");
      repository.withObject("/spec").put("visibility", "Private");
      kube.put(repository);
      Map<String, String> environment =
          OperatorProcess.environment(
              kube.writeKubeconfig(folder.resolve("kubeconfig")),
              ecr.endpoint().toString(),
              REGION);
      environment.put("OPERATOR_OWNER_ID", "image");
      environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=/tmp/classes.log");
      try (OperatorProcess operator =
          OperatorProcess.start(container, environment, folder.resolve("operator.log"))) {
        operator.await(LONG, "Ready", () -> isReady(kube));
        assertThat(ecr.repositories(OperatorProcess.ACCOUNT, REGION)).hasSize(1);

        Path process = Path.of("/proc", Long.toString(operator.pid()));
        if (Container.isRoot()) {
          assertThat(Files.readString(process.resolve("status")))
              .contains("Uid:\t65532\t65532\t65532\t65532", "Gid:\t65532\t65532\t65532\t65532");
        }
        assertThat(Files.readAllLines(process.resolve("mountinfo")))
            .anySatisfy(mount -> assertThat(mount).matches(".* / ro[, ].*"));
        assertThat(operator.stop()).isZero();
      }
    }
    try (Stream<Path> written = Files.list(container.tmp())) {
      assertThat(written.map(ImageIT::name)).containsExactlyInAnyOrder("kubeconfig", "classes.log");
    }
    assertThat(Files.readString(container.tmp().resolve("classes.log"), UTF_8))
        .containsPattern("RepositoryReconciler source: shared objects file")
        .containsPattern(
            "software.amazon.awssdk.services.ecr.EcrClient source: shared objects file");
  }

  private static boolean isReady(KubeSimulator kube) {
    return StoredObject.isReady(kube.get("repositories", "default", "hello").orElseThrow());
  }
}
