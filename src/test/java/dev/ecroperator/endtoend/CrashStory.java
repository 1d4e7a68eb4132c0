package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.PublicRepositorySnapshot;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** What is asked of an operator that may crash meanwhile: from a state of rest to another one. */
enum CrashStory {
  /** A repository with all settings comes into being. */
  CREATE {
    @Override
    void prepare(Scene scene, RepositoryObject object) {}

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.create(ALL_SETTINGS);
    }
  },

  /** Every setting gets another value, one tag goes, and one comes. */
  UPDATE {
    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.edit(OTHER_SETTINGS);
    }
  },

  /** Every setting goes back to ECR's default, since none is declared any longer. */
  RESET {
    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.edit("{suspend: false}");
    }
  },

  /** Both documents are edited to none; others have no statement in the policy. */
  EMPTY {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object
          .create("accessPolicy: {pull: {accounts: [\"444455556666\"]}}\n" + LIFECYCLE)
          .awaitInSync();
    }

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.edit("{accessPolicy: {}, lifecyclePolicy: {}}");
    }
  },

  /** Others change every setting, and the operator is asked to look. */
  MEND {
    @Override
    void ask(Scene scene, RepositoryObject object) {
      Outsider outsider = scene.outsider();
      outsider.setMutability(repository(), ImageTagMutability.MUTABLE);
      outsider.setScanOnPush(repository(), false);
      outsider.deleteLifecycle(repository());
      outsider.setPolicy(
          repository(), "{\"Version\":\"2012-10-17\",\"Statement\":[" + FOREIGN_STATEMENT + "]}");
      outsider.tag(repository(), Map.of("team", "thieves"));
      outsider.untag(repository(), "tier");
      object.requestAt(AFTER_THE_EDIT);
    }

    @Override
    void awaitEnd(RepositoryObject object) {
      awaitLookAndInSync(object);
    }
  },

  /** The repository is deleted by others, and the operator is asked to look. */
  RECREATE {
    @Override
    void ask(Scene scene, RepositoryObject object) {
      scene.outsider().delete(repository());
      object.requestAt(AFTER_THE_EDIT);
    }

    @Override
    void awaitEnd(RepositoryObject object) {
      awaitLookAndInSync(object);
    }
  },

  /** A repository that is there becomes the object's. */
  ADOPT {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      createForeign(scene);
    }

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.create("{adoption: IfExists, tags: {team: payments}}");
    }
  },

  /** A repository of another owner becomes the object's. */
  TAKE_OVER {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      createForeign(scene);
      scene.outsider().tag(repository(), Map.of("ecroperator.dev/owner", ANOTHER_OWNER));
    }

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.create(
          "{adoption: IfExists, takeOverFrom: "
              + ANOTHER_OWNER
              + ", imageTagMutability: {mode: IMMUTABLE}, tags: {team: payments}}");
    }
  },

  /** A public repository with all settings comes into being. */
  PUBLISH {
    @Override
    void prepare(Scene scene, RepositoryObject object) {}

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.create(PUBLIC_SETTINGS);
    }
  },

  /** Every setting of a public repository gets another value, or goes; one tag goes, one comes. */
  PUBLIC_UPDATE {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object.create(PUBLIC_SETTINGS).awaitInSync();
      PublicRepositorySnapshot made =
          scene.ecrSimulator().publicRepository(OperatorProcess.ACCOUNT, repository());
      BackDoor gallery = scene.ecrSimulator().publicBackDoor(OperatorProcess.ACCOUNT);
      Map<String, String> tags = new HashMap<>(made.tags());
      tags.put("theirs", "kept");
      gallery.setTags(repository(), tags);
      gallery.setPolicy(repository(), withForeignStatement(made.policy()));
      gallery.setCatalog(
          repository(),
          Map.of(
              "description", "Payments SDK",
              "architectures", List.of("x86-64"),
              "usageText", "theirs"));
    }

    @Override
    void ask(Scene scene, RepositoryObject object) {
      object.edit(
          """
          visibility: Public
          catalog: {description: Billing SDK, aboutText: about}
          accessPolicy: {push: {accounts: ["777788889999"]}}
          tags: {stage: live}
          """);
    }
  },

  /** The object of a public repository is deleted, and the repository with it. */
  WITHDRAW(true) {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object.create(PUBLIC_SETTINGS + "deletionPolicy: Delete\n").awaitInSync();
    }
  },

  /** The object is deleted, and the repository with it. */
  DELETE(true) {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object.create(ALL_SETTINGS + "deletionPolicy: Delete\n").awaitInSync();
    }
  },

  /** The object is deleted, and the repository with it and its images. */
  FORCE_DELETE(true) {
    @Override
    void prepare(Scene scene, RepositoryObject object) {
      object.create(ALL_SETTINGS + "deletionPolicy: ForceDelete\n").awaitInSync();
      scene.outsider().push(repository(), "v1");
    }
  },

  /** The object is deleted, and the repository stays. */
  RETAIN(true);

  private final boolean endsGone;

  CrashStory() {
    this(false);
  }

  CrashStory(boolean endsGone) {
    this.endsGone = endsGone;
  }

  private static final String AFTER_THE_EDIT = "after-the-edit";

  private static final String ANOTHER_OWNER = "green/default/another";

  private static final String LIFECYCLE =
      """
      lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 9}, action: {type: expire}}]}
      """;

  private static final String ALL_SETTINGS =
      """
      imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest]}
      encryption: {type: AES256}
      scanning: {scanOnPush: true}
      accessPolicy: {pull: {accounts: ["444455556666"]}, push: {accounts: ["444455556666"]}}
      tags: {team: payments, tier: gold}
      """
          + LIFECYCLE;

  private static final String OTHER_SETTINGS =
      """
      imageTagMutability: {mode: MUTABLE}
      encryption: {type: AES256}
      scanning: {scanOnPush: false}
      lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 10}, action: {type: expire}}]}
      accessPolicy: {pull: {accounts: ["777788889999"]}}
      tags: {team: billing, stage: live}
      """;

  private static final String PUBLIC_SETTINGS =
      """
      visibility: Public
      catalog: {description: Payments SDK, architectures: [x86-64]}
      accessPolicy: {push: {accounts: ["444455556666"]}}
      tags: {team: payments}
      """;

  /** Brings the object, and what others have added to its repository, to where the story begins. */
  void prepare(Scene scene, RepositoryObject object) {
    object.create(ALL_SETTINGS).awaitInSync();
    RepositorySnapshot made = object.inEcr();
    scene.outsider().tag(made.name(), Map.of("theirs", "kept"));
    scene.outsider().setPolicy(made.name(), withForeignStatement(made.policy()));
  }

  /** A repository of somebody else, with an image. */
  void createForeign(Scene scene) {
    // By its age the next operator tells that it was not created for the object.
    Instant lastYear = Instant.now().minus(Duration.ofDays(365));
    scene
        .ecrSimulator()
        .backDoor(OperatorProcess.ACCOUNT, Scene.REGION)
        .create(repository(), lastYear);
    scene.outsider().tag(repository(), Map.of("theirs", "kept"));
    scene.outsider().push(repository(), "v1");
  }

  /** What the user, or somebody else, does: if nothing else, the object is deleted. */
  void ask(Scene scene, RepositoryObject object) {
    object.delete();
  }

  /** The name of the object and of its repository. */
  String repository() {
    return "crash-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Waits for the end: if nothing else, the object is gone or in sync with its spec. */
  void awaitEnd(RepositoryObject object) {
    CrashScene.awaitEnd(object, endsGone());
  }

  /** In sync it was all the time: a look that began after the edit says so anew. */
  private static void awaitLookAndInSync(RepositoryObject object) {
    object.awaitLook(AFTER_THE_EDIT);
    object.awaitInSync();
  }

  /** Whether there is no object at the end. */
  boolean endsGone() {
    return endsGone;
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
