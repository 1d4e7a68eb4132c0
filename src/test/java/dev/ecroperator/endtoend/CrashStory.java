package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked of an operator that may crash meanwhile: from a state of rest to another one. */
enum CrashStory {
  /** A repository with all settings comes into being. */
  CREATE {
    @Override
    void prepare(Scene scene, RepositoryObject object) {}

    @Override
    void ask(RepositoryObject object) {
      object.create(ALL_SETTINGS);
    }
  },

  /** Every setting gets another value, and one tag goes. */
  UPDATE {
    @Override
    void ask(RepositoryObject object) {
      object.edit(OTHER_SETTINGS);
    }
  },

  /** Every setting goes back to ECR's default, since none is declared any longer. */
  RESET {
    @Override
    void ask(RepositoryObject object) {
      object.edit("{suspend: false}");
    }
  },

  /** The object is deleted, and the repository with it. */
  DELETE {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object.create(ALL_SETTINGS + "deletionPolicy: Delete\n").awaitInSync();
    }

    @Override
    void ask(RepositoryObject object) {
      object.delete();
    }

    @Override
    boolean endsGone() {
      return true;
    }
  },

  /** The object is deleted, and the repository stays. */
  RETAIN {
    @Override
    void ask(RepositoryObject object) {
      object.delete();
    }

    @Override
    boolean endsGone() {
      return true;
    }
  };

  private static final String ALL_SETTINGS =
      """
      imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest]}
      encryption: {type: AES256}
      scanning: {scanOnPush: true}
      lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 9}, action: {type: expire}}]}
      accessPolicy: {pull: {accounts: ["444455556666"]}, push: {accounts: ["444455556666"]}}
      tags: {team: payments, tier: gold}
      """;

  private static final String OTHER_SETTINGS =
      """
      imageTagMutability: {mode: MUTABLE}
      encryption: {type: AES256}
      scanning: {scanOnPush: false}
      lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 10}, action: {type: expire}}]}
      accessPolicy: {pull: {accounts: ["777788889999"]}}
      tags: {team: billing}
      """;

  /** Brings the object, and what others have added to its repository, to where the story begins. */
  void prepare(Scene scene, RepositoryObject object) {
    object.create(ALL_SETTINGS).awaitInSync();
    RepositorySnapshot made = object.inEcr();
    scene.outsider().tag(made.name(), Map.of("theirs", "kept"));
    scene.outsider().setPolicy(made.name(), withForeignStatement(made.policy()));
  }

  /** What the user does. */
  abstract void ask(RepositoryObject object);

  /** The name of the object and of its repository. */
  String repository() {
    return "crash-" + name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is no object at the end. */
  boolean endsGone() {
    return false;
  }

  /** The policy, and a statement of somebody else in it. */
  private static String withForeignStatement(@Nullable String policy) {
    return Objects.requireNonNull(policy)
        .replaceFirst("\"Statement\" *: *\\[", "\"Statement\":[" + FOREIGN_STATEMENT + ",");
  }

  /** Somebody else's statement. */
  static final String FOREIGN_STATEMENT =
      """
      {"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow",\
      "Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage"]}\
      """;
}
