package dev.ecroperator.simulator.kube;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where the simulator is not as the real API server. {@link #REASONS} names the tests of the
 * conformance suite that it does not pass, and why; they are skipped on it. Besides, since neither
 * the operator nor the commands of the demo look at it:
 *
 * <ul>
 *   <li>Of the rules of a schema, types and required members are kept to; no CEL, and no other rule
 *       about values: the tests in {@code crd} prove those on the real server. Names and labels are
 *       not checked either. Unknown fields are refused in an apply, and where {@code
 *       fieldValidation=Strict} asks for it; else they are dropped without a warning.
 *   <li>A refusal has no details.
 *   <li>Of the built-in kinds there are namespaces, events (not those of {@code events.k8s.io}) and
 *       leases, unchecked. A namespace has no status, is gone at once when it is deleted, and
 *       leaves behind what is in it. CRDs are read at the start, and are no objects. There is no
 *       RBAC.
 *   <li>What is applied is merged as a client would: without what the same manager applied before
 *       and now leaves out, whoever else applies it too. There are no conflicts between managers,
 *       {@code metadata.managedFields} is not shown, and a list is one value.
 *   <li>A strategic merge patch is refused for built-in kinds too. An update without a
 *       resourceVersion is a conflict. A finalizer may be added to what is being deleted. Deletions
 *       ask for no preconditions, are of one object each, and answer the object.
 *   <li>Nothing is selected by labels. Fields are selected by {@code =} alone, and by any path.
 *   <li>A watch gets no bookmarks, and no initial events in the stream; clients list first. It
 *       lasts until a test drops it. Who asks for a WebSocket falls back to plain HTTP.
 *   <li>Ages in tables are cut off to one unit; an event's object is shown by its name.
 *   <li>There is no OpenAPI v2, no aggregated discovery, no discovery of subresources or of one
 *       group, and no protobuf.
 * </ul>
 */
final class KubeDifferences implements ExecutionCondition {
  /** The reason by class and method. */
  static final Map<String, String> REASONS =
      Map.of(
          "ApiServerConformanceIT.aListIsReadInPages",
          "a server may answer with more than a limit asks for: the simulator's lists are whole",
          "KubectlConformanceIT.createsANamespaceByItsName",
          "kubectl create namespace speaks protobuf, the simulator JSON alone: apply a manifest",
          "KubectlConformanceIT.mustForceWhatAnotherHasApplied",
          "the simulator knows no conflicts between appliers: the last one wins",
          "KubectlConformanceIT.goesOverFromApplyingOnTheClientSide",
          "the simulator does not know what was applied on the client side: it stays");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String test =
        context.getTestClass().map(Class::getSimpleName).orElse("")
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    String reason = REASONS.get(test);
    return !ServerUnderTest.isReal() && reason != null
        ? ConditionEvaluationResult.disabled(reason)
        : ConditionEvaluationResult.enabled("nothing is known against it");
  }
}
