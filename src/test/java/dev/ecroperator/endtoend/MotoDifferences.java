package dev.ecroperator.endtoend;

import static java.util.Map.entry;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where moto is not as ECR: the tests that cannot pass on it, and why; there they are skipped. */
final class MotoDifferences implements ExecutionCondition {
  private static final String NO_PUBLIC = "moto has no ecr-public";
  private static final String ALWAYS_MANUAL =
      "moto's BatchGetRepositoryScanningConfiguration says MANUAL whatever scanOnPush is,"
          + " so that status.effective is corrected once it is read";
  private static final String ONE_ACCOUNT = "moto takes every access key for the same account's";

  private static final String NO_REPLICATION =
      "moto does not keep a replication configuration to the byte, and replicates no image";

  /** The reason by class, or class and method. */
  static final Map<String, String> REASONS =
      Map.ofEntries(
          entry("CreationIT.aPublicRepositoryIsMadeWithItsCatalog", NO_PUBLIC),
          entry("EditIT.theCatalogOfAPublicRepositoryIsEditedMemberByMember", NO_PUBLIC),
          entry("DriftIT.aResyncThatFindsNothingWritesNothing", ALWAYS_MANUAL),
          entry("RestartIT.afterARestartAnUnchangedObjectIsReadAndNotWritten", ALWAYS_MANUAL),
          entry("RestartIT.restartedInAnotherAccountItTouchesNothing", ONE_ACCOUNT),
          entry("PublicIT", NO_PUBLIC),
          entry("ReplicationLimitIT", NO_REPLICATION),
          entry("ReplicationManyIT", NO_REPLICATION),
          entry("ReplicationProgressIT", NO_REPLICATION),
          entry("ReplicationRestartIT", NO_REPLICATION),
          entry("ReplicationRulesIT", NO_REPLICATION));

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String test =
        context.getTestClass().map(Class::getSimpleName).orElse("")
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    String reason = REASONS.get(test);
    return Backends.onMoto() && reason != null
        ? ConditionEvaluationResult.disabled(reason)
        : ConditionEvaluationResult.enabled("nothing is known against it");
  }
}
