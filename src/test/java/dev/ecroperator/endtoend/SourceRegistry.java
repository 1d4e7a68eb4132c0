package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.Faults;
import java.util.List;

/**
 * The registry of the operator's account in one region, which replicates: a test that takes a
 * region of its own has its one document to itself.
 */
record SourceRegistry(Scene scene, String region) {

  /** An ImageReplication object of this name that replicates from here. */
  ReplicationManifest replication(String name) {
    return new ReplicationManifest(scene.cluster(), name, region);
  }

  /** The replication configuration as AWS gives it back, to the byte. */
  String text() {
    return scene.ecrSimulator().replicationConfiguration(OperatorProcess.ACCOUNT, region);
  }

  /** What the replication configuration says, as {@link #rules} spells it. */
  String document() {
    return RuleSpelling.asRules(text());
  }

  /** Replaces the replication configuration, as somebody at the AWS console. */
  void edit(String document) {
    registry().setReplication(document);
  }

  /** Waits until the replication configuration is this one. */
  void awaitDocument(String document) {
    Patience.await("the document of " + region, this::document, document::equals);
  }

  /** Edits past the operator. */
  BackDoor registry() {
    return scene.ecrSimulator().backDoor(OperatorProcess.ACCOUNT, region);
  }

  /** How often the operator has put the replication configuration, successfully or not. */
  long puts() {
    return calls("PutReplicationConfiguration");
  }

  /** How often the operator has made a call of the operation. */
  long calls(String operation) {
    return scene.calls().stream()
        .filter(this::isHere)
        .filter(call -> call.operation().equals(operation))
        .count();
  }

  /** Waits until the operator has read the replication configuration so many times more. */
  void awaitLooks(int looks) {
    long before = calls("DescribeRegistry");
    Patience.await(
        looks + " looks at " + region,
        () -> calls("DescribeRegistry") - before,
        seen -> seen >= looks);
  }

  /** Begins a fault of an operation on this registry, which the operator alone meets. */
  Faults.Script fault(String operation) {
    return scene.fault(operation).where(this::isHere);
  }

  private boolean isHere(Call call) {
    return call.region().equals(region) && call.account().equals(OperatorProcess.ACCOUNT);
  }

  /** A document of these rules, whatever their order. */
  static String rules(String... rules) {
    return RuleSpelling.rules(List.of(rules));
  }

  /** A rule of the operator's to a region of its account, by these prefixes. */
  static String rule(String region, String... prefixes) {
    return rule(List.of(region), prefixes);
  }

  /** A rule of the operator's to regions of its account. */
  static String rule(List<String> regions, String... prefixes) {
    return RuleSpelling.rule(regions, List.of(prefixes), false);
  }

  /** The same rule, with deletions. */
  static String withDeletes(String rule) {
    return rule.substring(0, rule.length() - 1) + ",\"deleteReplication\":{\"enabled\":true}}";
  }
}
