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
 *   <li>CEL rules are not evaluated, and formats of texts not checked.
 *   <li>Of the built-in kinds there are namespaces, events (not those of {@code events.k8s.io}) and
 *       leases, unchecked. CRDs are read at the start, and are no objects. There is no RBAC.
 *   <li>{@code metadata.managedFields} is not shown. For the conflicts of server-side apply,
 *       kubectl's client-side apply counts as server-side; status is not applied.
 *   <li>A strategic merge patch is refused for built-in kinds too, and so is an update without a
 *       resourceVersion. Deletions ask for no preconditions.
 *   <li>A watch gets no bookmarks, and no initial events in the stream; clients list first. Where a
 *       client asks for a WebSocket, it is told 503 and falls back to plain HTTP.
 *   <li>Ages in tables are cut off to one unit.
 *   <li>There is no OpenAPI v2, no aggregated discovery, and no protobuf.
 * </ul>
 */
final class KubeDifferences implements ExecutionCondition {
  /** The reason by class and method. */
  static final Map<String, String> REASONS =
      Map.of(
          "KubectlConformanceIT.createsANamespaceByItsName",
          "kubectl create namespace speaks protobuf, the simulator JSON alone: apply a manifest");

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
