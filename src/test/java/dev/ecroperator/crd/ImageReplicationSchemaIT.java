package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.ContributionStatus;
import dev.ecroperator.api.DestinationSpec;
import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.api.ReplicationFailure;
import dev.ecroperator.api.SampledImages;
import dev.ecroperator.api.WriteStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real API server accepts and refuses of the kind ImageReplication. */
class ImageReplicationSchemaIT {

  private static final AtomicInteger COUNT = new AtomicInteger();

  @RegisterExtension
  private static final KindOnApiServer API = new KindOnApiServer("ImageReplication");

  // ---------------------------------------------------------------- what is accepted

  static Stream<String> accepted() {
    return Stream.of(
        all(""),
        all(", source: {}"),
        all(", source: {accountId: '111122223333', region: eu-west-1}"),
        all(", replicateDeletes: true, deletionPolicy: Retain, suspend: true"),
        all(", deletionPolicy: RemoveRules"),
        "{repositories: [{prefix: payments/}], destinations: [{region: eu-central-1}], all: false}",
        entries("{prefix: pa}"),
        entries("{prefix: base/jre-}"),
        entries("{prefix: %s}".formatted("p".repeat(256))),
        entries("{name: base/jre}"),
        entries("{name: a.b_c__d-e---f/g}"),
        entries("{repositoryRef: {name: payments-api}}"),
        entries("{repositoryRef: {name: payments-api}}, {repositoryRef: {name: base}}"),
        entries("{name: base/jre}, {prefix: base/jre}"),
        entries(prefixes(100)),
        destinations("{region: us-east-1, accountId: '444455556666'}"),
        destinations("{region: us-east-1}, {region: us-east-1, accountId: '444455556666'}"),
        destinations(regions(25)),
        // The account of the source is not known here, so that only the operator can judge these.
        "{all: true, source: {region: eu-west-1}, destinations: [{region: eu-west-1, accountId:"
            + " '444455556666'}]}",
        "{all: true, source: {accountId: '111122223333'}, destinations: [{region: eu-west-1}]}");
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void isAcceptedAndStoredAsItIs(String spec) {
    var stored = API.resource("accepted", spec).dryRun().create();

    assertThat(stored.getAdditionalProperties().get("spec"))
        .isEqualTo(API.object("accepted", spec).getAdditionalProperties().get("spec"));
  }

  // ---------------------------------------------------------------- what is refused

  static Stream<Arguments> refused() {
    var oneOfThree = "give exactly one of prefix, name and repositoryRef";
    var someOrAll = "give repositories or all: true";
    return Stream.of(
        // repositories
        arguments("{destinations: [{region: eu-central-1}]}", "spec.repositories", someOrAll),
        arguments(
            "{all: false, destinations: [{region: eu-central-1}]}", "spec.repositories", someOrAll),
        arguments(
            "{all: true, repositories: [{prefix: payments/}], destinations: [{region:"
                + " eu-central-1}]}",
            "spec.repositories",
            someOrAll),
        refusedEntries("", "should have at least 1 items"),
        refusedEntries(prefixes(101), "must have at most 100 items"),
        refusedEntries("{}", oneOfThree),
        refusedEntries("{prefix: payments/, name: payments/api}", oneOfThree),
        refusedEntries("{name: payments/api, repositoryRef: {name: api}}", oneOfThree),
        refusedEntries("{prefix: p}", "should be at least 2 chars long"),
        refusedEntries("{prefix: %s}".formatted("p".repeat(257)), "may not be more than 256"),
        refusedEntries("{prefix: Payments/}", "write it such as payments/"),
        refusedEntries("{prefix: 'payments/*'}", "write it such as payments/"),
        refusedEntries("{name: x}", "should be at least 2 chars long"),
        refusedEntries("{name: %s}".formatted("n".repeat(257)), "may not be more than 256"),
        refusedEntries("{name: payments/}", "write it such as base/jre"),
        refusedEntries("{repositoryRef: {}}", "Required value"),
        refusedEntries("{repositoryRef: {name: ''}}", "should be at least 1 chars long"),
        refusedEntries(
            "{repositoryRef: {name: %s}}".formatted("n".repeat(254)), "may not be more than 253"),
        refusedEntries("{name: base/jre}, {name: base/jre}", "names one of them twice"),
        refusedEntries("{prefix: base/}, {name: ab}, {prefix: base/}", "names one of them twice"),
        // destinations
        arguments("{all: true}", "spec.destinations", "Required value"),
        refusedDestinations("", "should have at least 1 items"),
        refusedDestinations(regions(26), "must have at most 25 items"),
        refusedDestinations("{accountId: '444455556666'}", "Required value"),
        refusedDestinations("{region: Ireland}", "such as eu-west-1"),
        refusedDestinations("{region: us-east-1, accountId: '4444'}", "12 digits in quotes"),
        refusedDestinations("{region: us-east-1}, {region: us-east-1}", "names one of them twice"),
        refusedDestinations(
            "{region: us-east-1, accountId: '444455556666'}, {region: us-east-2}, {region:"
                + " us-east-1, accountId: '444455556666'}",
            "names one of them twice"),
        source("{region: eu-west-1}", "{region: eu-west-1}", "remove the source"),
        source(
            "{region: eu-west-1, accountId: '111122223333'}",
            "{region: eu-west-1}",
            "remove the source"),
        source(
            "{region: eu-west-1, accountId: '111122223333'}",
            "{region: us-east-1}, {region: eu-west-1, accountId: '111122223333'}",
            "remove the source"),
        source(
            "{accountId: '111122223333'}",
            "{region: us-east-1}, {region: us-east-1, accountId: '111122223333'}",
            "in the source's account, and stands there twice"),
        // source
        arguments(all(", source: {accountId: '1111'}"), "spec.source.accountId", "12 digits"),
        arguments(all(", source: {region: Ireland}"), "spec.source.region", "such as eu-west-1"),
        arguments(
            all(", source: {region: %s-1}".formatted("a-".repeat(12) + "a")),
            "spec.source.region",
            "may not be more than 25"),
        // the object's life
        arguments(
            all(", deletionPolicy: Delete"), "spec.deletionPolicy", "\"RemoveRules\", \"Retain\""),
        arguments(all(", replicateDeletes: 'true'"), "spec.replicateDeletes", "boolean"),
        arguments(all(", suspend: 'true'"), "spec.suspend", "boolean"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedWithWhatToDo(String spec, String field, String message) {
    assertThatThrownBy(() -> API.resource("refused", spec).dryRun().create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(message);
  }

  // ---------------------------------------------------------------- what may change

  static Stream<Arguments> changes() {
    var source = "source is immutable, and can neither be added nor removed later";
    return Stream.of(
        arguments(all(""), entries("{prefix: payments/}"), null),
        arguments(all(""), destinations("{region: us-east-1}"), null),
        arguments(all(""), all(", source: {}"), source),
        arguments(all(", source: {region: eu-west-1}"), all(""), source),
        arguments(
            all(", source: {region: eu-west-1}"), all(", source: {region: eu-west-2}"), source),
        arguments(
            all(", source: {region: eu-west-1}"),
            all(", source: {region: eu-west-1, accountId: '111122223333'}"),
            source),
        arguments(
            all(", source: {accountId: '111122223333'}"),
            all(", source: {accountId: '444455556666'}"),
            source),
        arguments(
            all(", source: {accountId: '111122223333', region: eu-west-1}"),
            all(", source: {accountId: '111122223333', region: eu-west-1}, suspend: true"),
            null));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void onlyWhatIsMutableChanges(String before, String after, @Nullable String message) {
    var name = "change-" + COUNT.incrementAndGet();
    API.resource(name, before).create();
    var update = API.resource(name, after);
    if (message == null) {
      update.update();
    } else {
      assertThatThrownBy(update::update)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.source")
          .hasMessageContaining(message);
    }
  }

  // ---------------------------------------------------------------- status

  @Test
  void itsColumnsTellHowFarReplicationIs() {
    API.resource("reported", all("")).create();
    var reported = API.client().resources(ImageReplication.class).withName("reported").get();
    assertThat(reported.getStatus().observedGeneration()).isEqualTo(-1);

    reported.setStatus(status());
    API.client().resource(reported).updateStatus();

    var stored = API.client().resources(ImageReplication.class).withName("reported").get();
    assertThat(stored.getStatus()).isEqualTo(status());
    assertThat(stored.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(API.server().kubectl("get", "imgrepl", "reported").output())
        .containsPattern("NAME +READY +REASON +SYNCED +REPOSITORIES +AGE")
        .containsPattern("reported +True +InSync +1/2 +12 +");
  }

  // ---------------------------------------------------------------- samples

  private static String all(String more) {
    return "{all: true, destinations: [{region: eu-central-1}]" + more + "}";
  }

  private static String entries(String entries) {
    return "{repositories: [" + entries + "], destinations: [{region: eu-central-1}]}";
  }

  private static String destinations(String destinations) {
    return "{all: true, destinations: [" + destinations + "]}";
  }

  private static Arguments refusedEntries(String entries, String message) {
    return arguments(entries(entries), "spec.repositories", message);
  }

  private static Arguments refusedDestinations(String destinations, String message) {
    return arguments(destinations(destinations), "spec.destinations", message);
  }

  private static Arguments source(String source, String destinations, String message) {
    return arguments(
        "{all: true, source: " + source + ", destinations: [" + destinations + "]}",
        "spec.destinations",
        message);
  }

  private static String prefixes(int count) {
    return IntStream.range(0, count)
        .mapToObj("{prefix: team%d/}"::formatted)
        .collect(Collectors.joining(", "));
  }

  private static String regions(int count) {
    return IntStream.range(0, count)
        .mapToObj("{region: eu-west-%d}"::formatted)
        .collect(Collectors.joining(", "));
  }

  private static ImageReplicationStatus status() {
    var ready = new Condition("Ready", "True", "InSync", "as declared", 1L, "2026-11-01T12:00:00Z");
    var destination = new DestinationSpec("us-east-1", "444455556666");
    return new ImageReplicationStatus(
        1L,
        List.of(ready),
        "111122223333",
        "eu-west-1",
        List.of(new ContributionStatus(List.of("payments/"), List.of(destination), false)),
        List.of(),
        new WriteStatus("1f0c9c3b7d2e4a56", "8a6d1b2c3e4f5061"),
        12,
        List.of("payments/api-debug"),
        "1/2",
        List.of(
            new DestinationStatus(
                "us-east-1",
                "444455556666",
                "Degraded",
                new SampledImages(3, 1, 1, 1),
                "2026-11-01T12:00:00Z",
                List.of(new ReplicationFailure("payments/api", "sha256:4a5d", "AccessDenied")))),
        null);
  }
}
