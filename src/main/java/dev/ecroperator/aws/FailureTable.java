package dev.ecroperator.aws;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_INTERNAL_ERROR;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Failure.Kind;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS's error codes mean to us. */
final class FailureTable {
  private static final int TOO_MANY_REQUESTS = 429;

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          // The SDK knows the first spelling only; the documentation uses the second.
          Map.entry("ThrottlingException", Kind.THROTTLED),
          Map.entry("ThrottleException", Kind.THROTTLED),
          Map.entry("Throttling", Kind.THROTTLED),
          Map.entry("TooManyRequestsException", Kind.THROTTLED),
          Map.entry("RequestLimitExceeded", Kind.THROTTLED),
          Map.entry("AccessDeniedException", Kind.DENIED),
          Map.entry("AccessDenied", Kind.DENIED),
          Map.entry("UnauthorizedOperation", Kind.DENIED),
          Map.entry("OptInRequired", Kind.DENIED),
          Map.entry("SubscriptionRequiredException", Kind.DENIED),
          // Credentials that are not valid now: replaced by those who issue them, not by an edit.
          Map.entry("ExpiredTokenException", Kind.UNAVAILABLE),
          Map.entry("ExpiredToken", Kind.UNAVAILABLE),
          Map.entry("RequestExpired", Kind.UNAVAILABLE),
          Map.entry("UnrecognizedClientException", Kind.UNAVAILABLE),
          Map.entry("InvalidClientTokenId", Kind.UNAVAILABLE),
          Map.entry("InvalidSignatureException", Kind.UNAVAILABLE),
          Map.entry("SignatureDoesNotMatch", Kind.UNAVAILABLE),
          Map.entry("IncompleteSignature", Kind.UNAVAILABLE),
          Map.entry("MissingAuthenticationTokenException", Kind.UNAVAILABLE),
          Map.entry("RepositoryAlreadyExistsException", Kind.EXISTS),
          Map.entry("RepositoryNotFoundException", Kind.ABSENT),
          Map.entry("ImageNotFoundException", Kind.ABSENT),
          Map.entry("LifecyclePolicyNotFoundException", Kind.ABSENT),
          Map.entry("RepositoryPolicyNotFoundException", Kind.ABSENT),
          Map.entry("RepositoryCatalogDataNotFoundException", Kind.ABSENT),
          Map.entry("RepositoryNotEmptyException", Kind.NOT_EMPTY),
          Map.entry("LimitExceededException", Kind.QUOTA),
          Map.entry("TooManyTagsException", Kind.QUOTA),
          Map.entry("KmsException", Kind.KMS),
          Map.entry("InvalidParameterException", Kind.INVALID),
          Map.entry("InvalidParameterValue", Kind.INVALID),
          Map.entry("InvalidTagParameterException", Kind.INVALID),
          Map.entry("ValidationException", Kind.INVALID),
          Map.entry("UnsupportedCommandException", Kind.INVALID));

  private FailureTable() {}

  /**
   * Reads a failed call.
   *
   * @param action the call as IAM names it
   * @param changes whether the call changes something, so that a lost answer leaves it in doubt
   */
  static Failure read(SdkException e, String action, boolean changes) {
    return e instanceof AwsServiceException answered
        ? answered(answered, action, changes)
        : unanswered(e, action, changes);
  }

  /** The error code as metrics and logs show it. */
  static String code(SdkException e) {
    if (e instanceof AwsServiceException answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      if (details != null && details.errorCode() != null) {
        return details.errorCode();
      }
      return "HTTP" + answered.statusCode();
    }
    return e.getClass().getSimpleName();
  }

  private static Failure answered(AwsServiceException e, String action, boolean changes) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.errorCode() == null) {
      // All of AWS's refusals have a code: who answered knows nothing of IAM and of AWS's limits.
      return new Failure(
          lost(changes && e.statusCode() >= HTTP_INTERNAL_ERROR),
          action,
          "HTTP "
              + e.statusCode()
              + " without an AWS error code: a proxy, a gateway or the endpoint answered");
    }
    String code = code(e);
    String said =
        details.errorMessage() == null ? "" : ": " + withoutRequestIds(details.errorMessage());
    String message = code + said;
    Kind kind = KINDS.get(code);
    if (kind == Kind.INVALID && message.contains("Principal not found")) {
      return new Failure(
          Kind.PRINCIPAL_NOT_FOUND,
          action,
          message + " (a new IAM principal takes a while to be known; tried again)");
    }
    if (kind == Kind.ABSENT) {
      return new Failure(kind, action, message + " (looking again)");
    }
    if (kind != null) {
      return new Failure(kind, action, message);
    }
    if (e.statusCode() == TOO_MANY_REQUESTS) {
      return new Failure(Kind.THROTTLED, action, message);
    }
    if (e.statusCode() >= HTTP_INTERNAL_ERROR) {
      return new Failure(lost(changes), action, message);
    }
    return new Failure(
        e.statusCode() == HTTP_FORBIDDEN ? Kind.DENIED : Kind.BUG,
        action,
        message + " (unexpected)");
  }

  private static Failure unanswered(SdkException e, String action, boolean changes) {
    String message = Objects.requireNonNullElse(e.getMessage(), code(e));
    if (message.contains(PatientCredentials.NONE)) {
      String known = PatientCredentials.NONE + ": ";
      String why =
          message.startsWith(known)
              ? " (" + withoutRequestIds(alike(message.substring(known.length()))) + ")"
              : "";
      return new Failure(
          Kind.UNAVAILABLE,
          action,
          "no AWS credentials yet"
              + why
              + ": give the operator's service account an IAM role (Pod Identity or IRSA), or set"
              + " the SDK's standard variables; it goes on when they come");
    }
    return new Failure(lost(changes), action, alike(message));
  }

  /** What it is that a call got no answer of AWS, where it may have changed something. */
  private static Kind lost(boolean mayHaveChanged) {
    return mayHaveChanged ? Kind.AMBIGUOUS : Kind.UNAVAILABLE;
  }

  /** KMS's errors, which ECR passes on, carry the ids of its own requests. */
  private static String withoutRequestIds(String message) {
    return message.replaceAll("(?i)[,;]? *(extended )?request ?id: *[^ ,;)]+", "");
  }

  /**
   * A repeated failure shall read the same: the SDK counts its attempts in the message, and its
   * HTTP client names the addresses of the host, of which DNS gives others each time.
   */
  private static String alike(String message) {
    return message
        .replaceAll(" \\(SDK Attempt Count: \\d+\\)", "")
        .replaceAll(" \\[[^\\]]*/[^\\]]*\\](?= failed)", "");
  }
}
