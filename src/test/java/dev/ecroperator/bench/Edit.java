package dev.ecroperator.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One changed setting. */
enum Edit {
  TAG_MUTABILITY("imageTagMutability", 1.1) {
    @Override
    void apply(ObjectNode spec) {
      spec.withObject("/imageTagMutability").put("mode", "MUTABLE");
    }
  },
  SCANNING("scanning", 1.1) {
    @Override
    void apply(ObjectNode spec) {
      spec.withObject("/scanning").put("scanOnPush", false);
    }
  },
  LIFECYCLE("lifecyclePolicy", 1.1) {
    @Override
    void apply(ObjectNode spec) {
      ((ObjectNode) spec.at("/lifecyclePolicy/rules/0/selection")).put("countNumber", 99);
    }
  },
  TAG("tags", 1.1) {
    @Override
    void apply(ObjectNode spec) {
      spec.withObject("/tags").put("team", "platform");
    }
  },
  /** Shared with others, so it is read once more right before it is replaced. */
  ACCESS_POLICY("accessPolicy", 2) {
    @Override
    void apply(ObjectNode spec) {
      spec.withObject("/accessPolicy/pull").putArray("accounts").add("777788889999");
    }
  };

  private final String member;
  private final double goal;

  Edit(String member, double goal) {
    this.member = member;
    this.goal = goal;
  }

  abstract void apply(ObjectNode spec);

  /** How many AWS calls it may cost. */
  double goal() {
    return goal;
  }

  @Override
  public String toString() {
    return member;
  }
}
