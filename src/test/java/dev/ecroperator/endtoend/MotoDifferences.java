package dev.ecroperator.endtoend;

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

  /** The reason by class, or class and method. */
  static final Map<String, String> REASONS =
      Map.of(
          "CreationIT.aPublicRepositoryIsMadeWithItsCatalog",
          NO_PUBLIC,
          "EditIT.theCatalogOfAPublicRepositoryIsEditedMemberByMember",
          NO_PUBLIC,
          "DriftIT.aResyncThatFindsNothingWritesNothing",
          ALWAYS_MANUAL,
          "RestartIT.afterARestartAnUnchangedObjectIsReadAndNotWritten",
          ALWAYS_MANUAL,
          "RestartIT.restartedInAnotherAccountItTouchesNothing",
          ONE_ACCOUNT,
          "PublicIT",
          NO_PUBLIC);

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
