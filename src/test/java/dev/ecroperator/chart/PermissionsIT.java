package dev.ecroperator.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.real.Access;
import dev.ecroperator.simulator.real.OperatorAccount;
import dev.ecroperator.simulator.real.OperatorAccount.Permission;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart grants what the operator needs, and nothing else: the API server's audit log tells what
 * it asks for, and without any one permission it cannot do its work.
 */
@Execution(ExecutionMode.CONCURRENT)
class PermissionsIT {
  /** What fails without the permission. */
  private static final List<Removal> REMOVALS =
      List.of(
          new Removal("get namespaces", Achievement.RUNS),
          new Removal("list repositories", Achievement.RUNS),
          new Removal("list imagereplications", Achievement.RUNS),
          new Removal("watch repositories", Achievement.RUNS),
          new Removal("watch imagereplications", Achievement.RUNS),
          new Removal("get leases", Achievement.RUNS),
          new Removal("update leases", Achievement.STAYS),
          new Removal("create leases", Achievement.READY),
          new Removal("patch repositories", Achievement.READY),
          new Removal("patch imagereplications", Achievement.READY),
          new Removal("update repositories/status", Achievement.READY),
          new Removal("update imagereplications/status", Achievement.READY),
          new Removal("patch imagereplications/status", Achievement.READY),
          new Removal("create events", Achievement.TOLD),
          new Removal("get repositories", Achievement.GONE),
          new Removal("get imagereplications", Achievement.GONE));

  private static @Nullable RealKubeApiServer running;

  @TempDir Path directory;

  /** A permission, and the first achievement that is out of reach without it. */
  record Removal(String permission, Achievement missed) {
    @Override
    public String toString() {
      return permission;
    }
  }

  static List<Removal> removals() {
    return REMOVALS;
  }

  @BeforeAll
  static void start() {
    Helm.alone();
    running = RealKubeApiServer.start().withCustomResourceDefinitions();
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static RealKubeApiServer server() {
    return requireNonNull(running);
  }

  /**
   * Service account, roles and bindings of a release with these values, in a namespace of its name.
   */
  private static List<JsonNode> render(
      RealKubeApiServer server, String namespace, String... values) {
    var objects = new ArrayList<JsonNode>();
    server
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    var arguments =
        new ArrayList<>(List.of("--name-template", namespace, "--namespace", namespace));
    for (var value : values) {
      arguments.addAll(List.of("--set", value));
    }
    for (var object : Helm.alone().template(arguments.toArray(String[]::new))) {
      var isOfUsers = object.name().endsWith("-view") || object.name().endsWith("-edit");
      if (object.kind().equals("ServiceAccount")
          || (object.kind().contains("Role") && !isOfUsers)) {
        objects.add(object.json());
      }
    }
    return objects;
  }

  @Test
  void inTheWholeClusterWhatIsGrantedIsUsedAndNothingElseIsAsked() throws Exception {
    // A cluster of its own, since it acts on all that is there.
    try (var whole = RealKubeApiServer.start().withCustomResourceDefinitions()) {
      var account = OperatorAccount.of(whole, render(whole, "whole"));

      liveOnce(whole, account, "whole", "");

      assertGrantedIsUsed(whole, account);
      assertThat(namespaces(whole, account)).as("it watches all").contains("");
    }
  }

  @Test
  void inNamespacesWhatIsGrantedIsUsedAndNothingElseIsAsked() throws Exception {
    var account =
        OperatorAccount.of(
            server(), render(server(), "some", "watchNamespaces={some}", "ownerId=some"));

    liveOnce(server(), account, "some", "some", "OPERATOR_OWNER_ID", "some");

    assertGrantedIsUsed(server(), account);
    assertThat(namespaces(server(), account)).containsExactly("some");
    assertThat(account.permissions()).extracting(Permission::namespace).containsOnly("some");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Repository", "ImageReplication"})
  void forOneKindWhatIsGrantedIsUsedAndNothingElseIsAsked(String kind) throws Exception {
    var namespace = "only-" + kind.toLowerCase(Locale.ROOT);
    var account =
        OperatorAccount.of(
            server(),
            render(
                server(),
                namespace,
                "watchNamespaces={" + namespace + "}",
                "ownerId=some",
                "kinds={" + kind + "}"));

    liveOnce(
        server(),
        account,
        namespace,
        namespace,
        "OPERATOR_OWNER_ID",
        "some",
        "OPERATOR_KINDS",
        kind);

    assertGrantedIsUsed(server(), account);
  }

  private static List<Access> accesses(RealKubeApiServer server, OperatorAccount account) {
    return server.accesses().stream()
        .filter(access -> access.user().equals(account.user()))
        .toList();
  }

  private static Set<String> namespaces(RealKubeApiServer server, OperatorAccount account) {
    return accesses(server, account).stream().map(Access::namespace).collect(Collectors.toSet());
  }

  /** The life of an operator, with a restart in the middle of it. */
  private void liveOnce(
      RealKubeApiServer server,
      OperatorAccount account,
      String namespace,
      String watched,
      String... settings)
      throws IOException, InterruptedException {
    try (var life = new OperatorLife(server, account, directory, namespace, watched, settings)) {
      for (var achievement : List.of(Achievement.RUNS, Achievement.READY, Achievement.TOLD)) {
        life.pursue(achievement);
        life.await(achievement);
      }
      life.restart();
      for (var achievement : List.of(Achievement.RUNS, Achievement.KEPT, Achievement.GONE)) {
        life.pursue(achievement);
        life.await(achievement);
      }
      life.stop();
    }
  }

  private static void assertGrantedIsUsed(RealKubeApiServer server, OperatorAccount account) {
    var granted =
        account.permissions().stream()
            .map(Permission::text)
            .collect(Collectors.toCollection(TreeSet::new));
    var used =
        accesses(server, account).stream()
            .map(Access::permission)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(accesses(server, account).stream().filter(Access::isForbidden)).isEmpty();
    assertThat(used).isEqualTo(granted);
  }

  @Test
  void eachPermissionHasItsTest() {
    var account = OperatorAccount.of(server(), render(server(), "all", "watchNamespaces={all}"));

    assertThat(account.permissions().stream().map(Permission::text))
        .containsExactlyInAnyOrderElementsOf(REMOVALS.stream().map(Removal::permission).toList());
  }

  @ParameterizedTest
  @MethodSource("removals")
  void eachPermissionIsNeeded(Removal removal) throws Exception {
    var namespace = "no-" + removal.permission().replace(' ', '-').replace('/', '-');
    // In a namespace, so that many operators do not meet.
    var objects = render(server(), namespace, "watchNamespaces={" + namespace + "}");
    objects.forEach(object -> remove(removal.permission(), object));
    var account = OperatorAccount.of(server(), objects);
    assertThat(account.permissions())
        .extracting(Permission::text)
        .doesNotContain(removal.permission());
    Predicate<Access> isRefusal =
        access -> access.isForbidden() && access.permission().equals(removal.permission());

    try (var life = new OperatorLife(server(), account, directory, namespace, namespace)) {
      for (var achievement : Achievement.values()) {
        life.pursue(achievement);
        if (achievement == removal.missed()) {
          break;
        }
        life.await(achievement);
      }
      life.awaitTrue(
          "the API server to refuse: " + removal, () -> refusals(account, isRefusal) > 0);
      if (removal.missed() == Achievement.STAYS) {
        life.awaitTrue("not " + removal.missed(), () -> !life.has(removal.missed()));
      } else {
        // Right after the first refusal it may just not have come yet.
        life.awaitTrue(
            "the API server to refuse once more, or the operator to give up: " + removal,
            () -> refusals(account, isRefusal) > 1 || !life.has(Achievement.STAYS));
        assertThat(life.has(removal.missed())).as("in spite of the refusals").isFalse();
      }
      if (removal.permission().startsWith("watch ")) {
        life.assertFailed(
            1, "not permitted to " + removal.permission() + ".ecroperator.dev in the namespace");
      }
    }
    assertThat(accesses(server(), account).stream().filter(Access::isForbidden))
        .allMatch(isRefusal);
  }

  private static long refusals(OperatorAccount account, Predicate<Access> isRefusal) {
    return accesses(server(), account).stream().filter(isRefusal).count();
  }

  private static void remove(String permission, JsonNode object) {
    var verb = permission.split(" ", 2)[0];
    var resource = permission.split(" ", 2)[1];
    for (var rule : object.path("rules")) {
      if (rule.path("resources").valueStream().anyMatch(r -> r.asText().equals(resource))) {
        assertThat(rule.path("resources")).hasSize(1);
        ArrayNode kept = ((ObjectNode) rule).arrayNode();
        rule.path("verbs")
            .valueStream()
            .filter(granted -> !granted.asText().equals(verb))
            .forEach(kept::add);
        ((ObjectNode) rule).set("verbs", kept);
      }
    }
    // A rule needs a verb.
    if (object.path("rules") instanceof ArrayNode rules) {
      for (int i = rules.size() - 1; i >= 0; i--) {
        if (rules.get(i).path("verbs").isEmpty()) {
          rules.remove(i);
        }
      }
    }
  }
}
