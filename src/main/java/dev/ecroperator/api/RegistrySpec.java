package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Whose registry, and where: an AWS account and a region. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RegistrySpec(
    @JsonPropertyDescription(
            "The AWS account: 12 digits, in quotes. Default: the operator's own. Immutable."
                + " Example: \"111122223333\"")
        @Size(max = 12)
        @ValidationRule(value = ACCOUNT_ID, message = ACCOUNT_ID_EXPECTED)
        @Nullable String accountId,
    @JsonPropertyDescription(
            "The AWS region, at most 25 characters. Default: the operator's own. Immutable."
                + " Example: eu-west-1")
        @Size(max = 25)
        @ValidationRule(value = REGION, message = REGION_EXPECTED)
        @Nullable String region) {

  static final String ACCOUNT_ID = "self.matches('^[0-9]{12}$')";
  static final String ACCOUNT_ID_EXPECTED =
      "accountId is an AWS account id: write its 12 digits in quotes, such as \"111122223333\"";
  static final String REGION = "self.matches('^[a-z]+(-[a-z]+)+-[0-9]+$')";
  static final String REGION_EXPECTED =
      "region is the name of an AWS region: write it such as eu-west-1";
}
