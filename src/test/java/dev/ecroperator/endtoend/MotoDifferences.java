package dev.ecroperator.endtoend;

import static java.util.Map.entry;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where moto is not as ECR, or does not do what the simulator does for tests: those that cannot
 * pass on it, and why; there they are skipped. One that is not listed and needs the simulator
 * fails.
 */
final class MotoDifferences implements ExecutionCondition {
  private static final String NO_PUBLIC = "moto has no ecr-public";
  private static final String ALWAYS_MANUAL =
      "moto's BatchGetRepositoryScanningConfiguration says MANUAL whatever scanOnPush is,"
          + " so that status.effective is corrected once it is read";
  private static final String ONE_ACCOUNT = "moto takes every access key for the same account's";
  private static final String NO_FAULTS = "moto never refuses, hangs, or loses an answer on demand";
  private static final String NO_FRESH_PRINCIPAL = "moto takes every principal for one there is";
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
          entry("CreationIT.finalizerAndTargetAreWrittenBeforeTheFirstCall", NO_FAULTS),
          entry("DeletionIT.anObjectThatNeverOwnedItsRepositoryGoes", NO_FAULTS),
          entry("DeletionIT.aRepositoryThatIsGoneAlreadyHoldsNothingUp", NO_FAULTS),
          entry("DeletionIT.aRefusalIsWaitedFor", NO_FAULTS),
          entry("DeletionIT.aLostAnswerOfTheDeletionIsNoFailure", NO_FAULTS),
          entry("DriftIT.howOftenTheRegistryScansIsToldAndIsNoDrift", ALWAYS_MANUAL),
          entry("LogIT.noDocumentTagOrSecretIsLoggedAndEachLineHasListedFieldsOnly", NO_FAULTS),
          entry("LogIT.aFailureIsToldWithOperationCodeAndRequestId", NO_FAULTS),
          entry("MetricsIT", NO_FAULTS + "; " + NO_REPLICATION),
          entry("ProcessIT.noSecretIsTold", NO_FAULTS),
          entry("ProcessIT.onSigtermItEndsInTimeWithAHangingCallInFlight", NO_FAULTS),
          entry(
              "ProcessIT.onSigtermAPassThatTakesTooLongIsAbandonedAndMadeByTheNextProcess",
              NO_FAULTS),
          entry("RefusalIT.aRefusedLifecyclePolicyIsTriedOnceAndHoldsNothingElseUp", NO_FAULTS),
          entry("RefusalIT.aRefusedCreationIsTriedAgainAndRecovers", NO_FAULTS),
          entry("RefusalIT.betweenTwoTriesOfARefusedCreationAreMinutes", NO_FAULTS),
          entry("RefusalIT.aTagThatOnlyEcrKnowsToBeWrongIsNamedAndKeepsNothingElseBack", NO_FAULTS),
          entry("RefusalIT.ofSeveralFailuresTheGravestIsTheReasonAndAllAreTold", NO_FAULTS),
          entry("RefusalIT.aFreshPrincipalIsWaitedFor", NO_FRESH_PRINCIPAL),
          entry(
              "RefusalIT.aFreshPrincipalIsWaitedForWhereEcrTakesItForAMalformedPolicyToo",
              NO_FRESH_PRINCIPAL),
          entry("RestartIT.killedBeforeTheAnswerOfTheCreationItKnowsItsOwn", NO_FAULTS),
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
