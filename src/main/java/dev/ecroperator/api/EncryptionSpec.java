package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How images are encrypted at rest. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.kmsKey) || self.type != 'AES256'",
    message = "kmsKey is for the types KMS and KMS_DSSE only: remove it or change the type",
    fieldPath = ".kmsKey")
public record EncryptionSpec(
    @JsonPropertyDescription(
            "AES256: by Amazon S3's keys. KMS: by a key of AWS KMS. KMS_DSSE: by a key of AWS KMS,"
                + " in two layers, which AWS has in its GovCloud (US) regions only. Required; AWS's"
                + " default: AES256. Example: KMS")
        @Required
        @OneOf({"AES256", "KMS", "KMS_DSSE"})
        @Nullable String type,
    @JsonPropertyDescription(
            "The KMS key, in the repository's region: its id, its alias or its ARN, at most 2,048"
                + " characters. Only with KMS and KMS_DSSE. Default: AWS's own key for ECR"
                + " (alias/aws/ecr). Example: alias/ecr")
        @Size(min = 1, max = 2048)
        @Nullable String kmsKey) {}
