package dev.ecroperator.endtoend;

import java.util.Locale;

/**
 * What is asked of an operator that may crash meanwhile, of an object whose rules stand beside
 * those of others: some are somebody else's, and one it shares with another object.
 */
enum ReplicationCrashStory {
  /** An object comes into being. */
  CREATE {
    @Override
    void prepare(ReplicationManifest object) {}

    @Override
    void ask(ReplicationManifest object) {
      object.create(SPEC);
    }
  },

  /** Every member gets another value. */
  EDIT {
    @Override
    void ask(ReplicationManifest object) {
      object.edit(
          """
          repositories: [{prefix: ours/}, {prefix: more/}]
          destinations: [{region: eu-central-1}, {region: ap-east-1}]
          """);
    }
  },

  /** The object says by rules with deletions what it said by rules without. */
  TURN {
    @Override
    void ask(ReplicationManifest object) {
      object.set("replicateDeletes", "true");
    }
  },

  /** The object is deleted, and its rules with it. */
  DELETE {
    @Override
    void ask(ReplicationManifest object) {
      object.delete();
    }

    @Override
    boolean endsGone() {
      return true;
    }
  },

  /** The object is deleted, and its rules stay. */
  RETAIN {
    @Override
    void prepare(ReplicationManifest object) {
      object.create(SPEC + "deletionPolicy: Retain\n").awaitInSync();
    }

    @Override
    void ask(ReplicationManifest object) {
      object.delete();
    }

    @Override
    boolean endsGone() {
      return true;
    }
  };

  private static final String SPEC =
      """
      repositories: [{prefix: ours/}]
      destinations: [{region: eu-central-1}, {region: eu-north-1}]
      """;

  /** Of somebody else: odd spaces, and a member that nobody here knows. */
  static final String FOREIGN_RULE =
      """
      { "destinations":[{"registryId":"111122223333","region":"us-west-2"}], "since" : 1.0e2 }\
      """;

  /** The spec of the object that shares a rule with the story's. */
  static final String NEIGHBOUR =
      """
      repositories: [{prefix: neighbour/}]
      destinations: [{region: eu-central-1}, {region: eu-north-1}]
      """;

  /** Brings the object to where the story begins. */
  void prepare(ReplicationManifest object) {
    object.create(SPEC).awaitInSync();
  }

  /** What the user does. */
  abstract void ask(ReplicationManifest object);

  /** The object's name. */
  String object() {
    return "crash-" + name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is no object at the end. */
  boolean endsGone() {
    return false;
  }
}
