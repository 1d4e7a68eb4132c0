package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the public gallery shows of a repository. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogSpec(
    @JsonPropertyDescription(
            "The line in the gallery's lists, at most 1,024 characters. Default: left as ECR has"
                + " it. Example: Payments SDK")
        @Size(max = 1024)
        @Nullable String description,
    @JsonPropertyDescription(
            "What the repository is, in Markdown, at most 25,600 characters. Default: left as ECR"
                + " has it. Example: '# Payments SDK'")
        @Size(max = 25600)
        @Nullable String aboutText,
    @JsonPropertyDescription(
            "How its images are used, in Markdown, at most 25,600 characters. Default: left as ECR"
                + " has it. Example: 'docker run public.ecr.aws/example/payments/sdk'")
        @Size(max = 25600)
        @Nullable String usageText,
    @JsonPropertyDescription(
            "The architectures that the images are for, at most 50 of at most 50 characters. The"
                + " gallery shows ARM, ARM 64, x86 and x86-64. Default: left as ECR has it."
                + " Example: [x86-64, ARM 64]")
        @Size(max = 50)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @Nullable List<@Size(min = 1, max = 50) String> architectures,
    @JsonPropertyDescription(
            "The operating systems that the images are for, at most 50 of at most 50 characters."
                + " The gallery shows Linux and Windows. Default: left as ECR has it. Example:"
                + " [Linux]")
        @Size(max = 50)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @Nullable List<@Size(min = 1, max = 50) String> operatingSystems) {}
