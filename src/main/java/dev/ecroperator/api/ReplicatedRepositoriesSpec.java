package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One or several repositories: exactly one of the members is given. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "[has(self.prefix), has(self.name), has(self.repositoryRef)].filter(x, x).size() == 1",
    message = "an entry says one thing: give exactly one of prefix, name and repositoryRef")
public record ReplicatedRepositoriesSpec(
    @JsonPropertyDescription(
            "All repositories whose name begins so, 2 to 256 characters; end it with / to stay"
                + " within a path. Default: none. Example: payments/")
        @Size(min = 2, max = 256)
        @ValidationRule(
            value = "self.matches('^([a-z0-9]+([._-][a-z0-9]*)*/)*[a-z0-9]*([._-][a-z0-9]*)*$')",
            message =
                "prefix is the beginning of a repository's name, of lower-case letters, digits and"
                    + " . _ - /: write it such as payments/")
        @Nullable String prefix,
    @JsonPropertyDescription(
            "One repository, 2 to 256 characters. ECR takes it as a prefix: what else it catches"
                + " stands in status.overMatched. Default: none. Example: base/jre")
        @Size(min = 2, max = 256)
        @ValidationRule(
            value = RepositorySpec.NAME,
            message =
                "name is a repository's name, of lower-case letters and digits, with . _ __ or -"
                    + " between them and / between the parts of a path: write it such as base/jre")
        @Nullable String name,
    @JsonPropertyDescription(
            "A Repository object of the same namespace, in the source registry. Default: none."
                + " Example: {name: payments-api}")
        @Nullable RepositoryReference repositoryRef) {}
