package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.Faults;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One Repository object: its user's hands and eyes, and what the operator did about it. */
final class RepositoryObject extends ClusterObject<RepositoryObject> {
  private final Scene scene;
  private final String inEcr;
  private int callsBefore;

  RepositoryObject(Scene scene, KubernetesCluster cluster, String name, String inEcr) {
    super(cluster, Repository.class, name);
    this.scene = scene;
    this.inEcr = inEcr;
  }

  @Override
  RepositoryObject self() {
    return this;
  }

  /** The ownership tag of a repository of this object. */
  String ownerTag() {
    return Scene.OWNER_ID + "/" + cluster().namespace() + "/" + name();
  }

  /** Waits until the repository was read so many times more, as by resyncs. */
  void awaitLooks(int looks) {
    // Every look reads the tags, and nothing else does.
    long before = calls("ListTagsForResource");
    Patience.await(
        looks + " looks at " + name(),
        () -> calls("ListTagsForResource") - before,
        seen -> seen >= looks);
  }

  /**
   * Waits for so many looks more at what was created and is in sync: neither side is written to.
   */
  void assertLooksWriteNothing(int looks) {
    forgetThePast();
    awaitLooks(looks);
    assertThat(mutations()).isEmpty();
    assertThat(writes()).isEmpty();
    assertThat(events()).containsExactly("Created");
  }

  private long calls(String operation) {
    return allCalls().stream().filter(call -> call.operation().equals(operation)).count();
  }

  /** What {@code status.managed} lists. */
  List<String> managed() {
    return status().path("managed").valueStream().map(JsonNode::asText).toList();
  }

  /** The repository as ECR has it; empty where there is none. */
  Optional<RepositorySnapshot> find() {
    return scene.outsider().find(inEcr);
  }

  /** The repository as ECR has it. */
  RepositorySnapshot inEcr() {
    return find().orElseThrow(() -> new AssertionError("ECR has no repository " + inEcr));
  }

  /** From now on {@link #calls()} and {@link #writes()} begin with what comes. */
  @Override
  RepositoryObject forgetThePast() {
    super.forgetThePast();
    callsBefore = allCalls().size();
    return this;
  }

  /** The operator's calls that name the repository. */
  List<String> calls() {
    return operations(allCalls().stream().skip(callsBefore).toList());
  }

  /** The operator's calls that name the repository and could change it. */
  List<String> mutations() {
    return operations(allCalls().stream().skip(callsBefore).filter(Call::isMutation).toList());
  }

  private static List<String> operations(List<Call> calls) {
    return calls.stream().map(Call::operation).toList();
  }

  private List<Call> allCalls() {
    return scene.calls().stream().filter(c -> inEcr.equals(c.repository())).toList();
  }

  /** Begins a fault of an operation on this repository. */
  Faults.Script fault(String operation) {
    return scene.fault(operation).forRepository(inEcr);
  }

  /** Begins a fault of all operations on this repository. */
  Faults.Script faultOfAny() {
    return scene.faultOfAny().forRepository(inEcr);
  }

  /** The tags of the repository in ECR. */
  Map<String, String> tags() {
    return inEcr().tags();
  }
}
