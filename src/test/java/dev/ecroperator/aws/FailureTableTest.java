package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Failure.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

class FailureTableTest {
  private static AwsServiceException answer(
      @Nullable String code, @Nullable String message, int status) {
    return AwsServiceException.builder()
        .statusCode(status)
        .requestId("11111111-2222")
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .message(message)
        .build();
  }

  private static Failure read(AwsServiceException e, boolean changes) {
    return FailureTable.read(e, "ecr:PutLifecyclePolicy", changes);
  }

  @ParameterizedTest
  @CsvSource({
    "ThrottlingException, THROTTLED",
    "ThrottleException, THROTTLED",
    "Throttling, THROTTLED",
    "TooManyRequestsException, THROTTLED",
    "RequestLimitExceeded, THROTTLED",
    "AccessDeniedException, DENIED",
    "AccessDenied, DENIED",
    "UnauthorizedOperation, DENIED",
    "OptInRequired, DENIED",
    "SubscriptionRequiredException, DENIED",
    "ExpiredTokenException, UNAVAILABLE",
    "ExpiredToken, UNAVAILABLE",
    "RequestExpired, UNAVAILABLE",
    "UnrecognizedClientException, UNAVAILABLE",
    "InvalidClientTokenId, UNAVAILABLE",
    "InvalidSignatureException, UNAVAILABLE",
    "SignatureDoesNotMatch, UNAVAILABLE",
    "IncompleteSignature, UNAVAILABLE",
    "MissingAuthenticationTokenException, UNAVAILABLE",
    "RepositoryAlreadyExistsException, EXISTS",
    "RepositoryNotFoundException, ABSENT",
    "ImageNotFoundException, ABSENT",
    "LifecyclePolicyNotFoundException, ABSENT",
    "RepositoryPolicyNotFoundException, ABSENT",
    "RepositoryCatalogDataNotFoundException, ABSENT",
    "RepositoryNotEmptyException, NOT_EMPTY",
    "LimitExceededException, QUOTA",
    "TooManyTagsException, QUOTA",
    "KmsException, KMS",
    "InvalidParameterException, INVALID",
    "InvalidParameterValue, INVALID",
    "InvalidTagParameterException, INVALID",
    "ValidationException, INVALID",
    "UnsupportedCommandException, INVALID",
  })
  void everyCodeHasItsMeaning(String code, Kind kind) {
    for (boolean changes : new boolean[] {true, false}) {
      Failure failure = read(answer(code, "said so", 400), changes);
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.action()).isEqualTo("ecr:PutLifecyclePolicy");
      assertThat(failure.message()).startsWith(code + ": said so").doesNotContain("11111111");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ServerException, 500, true, AMBIGUOUS",
    "ServerException, 500, false, UNAVAILABLE",
    "ServiceUnavailable, 503, true, AMBIGUOUS",
    "Whatever, 429, true, THROTTLED",
    "Whatever, 403, true, DENIED",
    "Whatever, 400, true, BUG",
    "ThrottlingException, 500, true, THROTTLED",
  })
  void anUnknownCodeIsReadByItsStatus(String code, int status, boolean changes, Kind kind) {
    assertThat(read(answer(code, "x", status), changes).kind()).isEqualTo(kind);
  }

  /** As of a proxy, which knows nothing of IAM and of AWS's limits. */
  @ParameterizedTest
  @CsvSource({
    "403, true, UNAVAILABLE",
    "407, false, UNAVAILABLE",
    "429, true, UNAVAILABLE",
    "400, true, UNAVAILABLE",
    "500, true, AMBIGUOUS",
    "502, true, AMBIGUOUS",
    "503, false, UNAVAILABLE",
  })
  void anAnswerWithoutACodeIsNotOfAws(int status, boolean changes, Kind kind) {
    AwsServiceException bare =
        AwsServiceException.builder().statusCode(status).message("<html>").build();
    for (AwsServiceException e : List.of(bare, answer(null, "<html>", status))) {
      assertThat(FailureTable.code(e)).isEqualTo("HTTP" + status);
      Failure failure = read(e, changes);
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.message())
          .isEqualTo(
              "HTTP "
                  + status
                  + " without an AWS error code: a proxy, a gateway or the endpoint answered");
    }
  }

  @Test
  void aPrincipalThatIsNotKnownYetIsNoInvalidSpec() {
    Failure failure =
        read(
            answer(
                "InvalidParameterException",
                "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not"
                    + " found'",
                400),
            true);
    assertThat(failure.kind()).isEqualTo(Kind.PRINCIPAL_NOT_FOUND);
  }

  @Test
  void nothingButAnInvalidSpecIsTriedAgainForItsPrincipal() {
    assertThat(read(answer("AccessDeniedException", "Principal not found", 400), true).kind())
        .isEqualTo(Kind.DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key is disabled (Service: Kms, Status Code: 400, Request ID: 7f-1)",
        "key is disabled (Service: Kms, Status Code: 400, Request ID: 7f-2, Extended Request ID: x)"
      })
  void whatAwsPassesOnReadsTheSameWhateverTheRequest(String message) {
    assertThat(read(answer("KmsException", message, 400), true).message())
        .isEqualTo("KmsException: key is disabled (Service: Kms, Status Code: 400)");
  }

  @Test
  void whereNothingIsSaidTheCodeIsTheMessage() {
    assertThat(read(answer("LimitExceededException", null, 400), true))
        .isEqualTo(new Failure(Kind.QUOTA, "ecr:PutLifecyclePolicy", "LimitExceededException"));
    SdkClientException silent = SdkClientException.builder().build();
    assertThat(FailureTable.read(silent, "ecr:X", true))
        .isEqualTo(new Failure(Kind.AMBIGUOUS, "ecr:X", "SdkClientException"));
  }

  @Test
  void noAnswerLeavesAChangeInDoubtAndAReadUnavailable() {
    SdkClientException e = SdkClientException.create("Connection reset (SDK Attempt Count: 3)");
    assertThat(FailureTable.read(e, "ecr:X", true))
        .isEqualTo(new Failure(Kind.AMBIGUOUS, "ecr:X", "Connection reset"));
    assertThat(FailureTable.read(e, "ecr:X", false))
        .isEqualTo(new Failure(Kind.UNAVAILABLE, "ecr:X", "Connection reset"));
    assertThat(FailureTable.code(e)).isEqualTo("SdkClientException");
  }

  @Test
  void aHostThatCannotBeReachedReadsTheSameWhateverItsAddress() {
    for (String addresses :
        List.of("[ecr.test/10.0.0.1]", "[ecr.test/10.0.0.2, ecr.test/2600:1f18:0:0:0:0:0:7]")) {
      SdkClientException e =
          SdkClientException.create(
              "Unable to execute HTTP request: Connect to https://ecr.test:443 "
                  + addresses
                  + " failed: Connect timed out (SDK Attempt Count: 3)");
      assertThat(FailureTable.read(e, "ecr:X", false).message())
          .isEqualTo(
              "Unable to execute HTTP request: Connect to https://ecr.test:443 failed: Connect"
                  + " timed out");
    }
  }

  @Test
  void withoutCredentialsNothingWasSentAndTheMessageHelps() {
    SdkClientException e =
        SdkClientException.create("Unable to load credentials from any of the providers: [...]");
    Failure failure = FailureTable.read(e, "ecr:X", true);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.message()).startsWith("no AWS credentials yet: ");
  }

  @Test
  void whyThereAreNoCredentialsIsSaidAlikeEachTime() {
    SdkClientException e =
        SdkClientException.create(
            "Unable to load credentials: Not authorized to perform sts:AssumeRoleWithWebIdentity"
                + " (Service: Sts, Status Code: 403, Request ID: 7f) (SDK Attempt Count: 1)");
    assertThat(FailureTable.read(e, "ecr:X", false).message())
        .startsWith(
            "no AWS credentials yet (Not authorized to perform sts:AssumeRoleWithWebIdentity"
                + " (Service: Sts, Status Code: 403)): give ");
  }
}
