package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lists of two namespaces, of which the second was had later. */
class TakeoverTest {
  private final Takeover takeover =
      Takeover.of(Stream.of(list("10", object("one", "7")), list("20", object("two", "18"))));

  private static Repository object(String uid, String version) {
    Repository object = ScriptedCluster.object("{}");
    object.getMetadata().setUid(uid);
    object.getMetadata().setResourceVersion(version);
    return object;
  }

  private static DefaultKubernetesResourceList<Repository> list(
      String version, Repository... objects) {
    var list = new DefaultKubernetesResourceList<Repository>();
    list.setMetadata(new ListMetaBuilder().withResourceVersion(version).build());
    list.setItems(List.of(objects));
    return list;
  }

  @Test
  void whatCameAfterTheFirstListMayBeOfItsNamespaceAndIsNotTakenForGone() {
    assertThat(takeover.isBehind(object("new", "15"))).isFalse();
    assertThat(takeover.isBehind(object("gone", "9"))).isTrue();
    assertThat(takeover.isBehind(object("gone", "10"))).isTrue();
  }

  @Test
  void anObjectOfAnyListIsToBeAsNewAsItWasThere() {
    assertThat(takeover.isBehind(object("one", "6"))).isTrue();
    assertThat(takeover.isBehind(object("one", "7"))).isFalse();
    assertThat(takeover.isBehind(object("two", "17"))).isTrue();
    assertThat(takeover.isBehind(object("two", "18"))).isFalse();
  }

  @Test
  void aCacheThatLacksAnObjectOfEitherListOrHasAnOlderOneHasNotAllOfThem() {
    assertThat(takeover.isIn(Stream.of(object("one", "7"), object("two", "18")))).isTrue();
    assertThat(takeover.isIn(Stream.of(object("one", "7")))).isFalse();
    assertThat(takeover.isIn(Stream.of(object("two", "18")))).isFalse();
    assertThat(takeover.isIn(Stream.of(object("one", "7"), object("two", "17")))).isFalse();
  }
}
