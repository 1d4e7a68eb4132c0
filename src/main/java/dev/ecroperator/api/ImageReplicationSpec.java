package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user declares of one replication. A member that is null was not declared. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "has(self.source) == has(oldSelf.source) && (!has(self.source) ||"
            + " (has(self.source.accountId) == has(oldSelf.source.accountId) &&"
            + " (!has(self.source.accountId) || self.source.accountId == oldSelf.source.accountId)"
            + " && has(self.source.region) == has(oldSelf.source.region) &&"
            + " (!has(self.source.region) || self.source.region == oldSelf.source.region)))",
    message =
        "source is immutable, and can neither be added nor removed later: delete this object and"
            + " create another",
    fieldPath = ".source")
@ValidationRule(
    value = "(has(self.all) && self.all) != has(self.repositories)",
    message = "either some repositories are replicated or all: give repositories or all: true",
    fieldPath = ".repositories")
@ValidationRule(
    value =
        "!has(self.source) || !has(self.source.region) || !self.destinations.exists(d, d.region =="
            + " self.source.region && (!has(d.accountId) || (has(self.source.accountId) &&"
            + " d.accountId == self.source.accountId)))",
    message = "a registry does not replicate to itself: remove the source from destinations",
    fieldPath = ".destinations")
@ValidationRule(
    value =
        "!has(self.source) || !has(self.source.accountId) || !self.destinations.exists(d,"
            + " !has(d.accountId) && self.destinations.exists(e, has(e.accountId) && e.accountId =="
            + " self.source.accountId && e.region == d.region))",
    message =
        "a destination without accountId is in the source's account, and stands there twice: remove"
            + " one of them",
    fieldPath = ".destinations")
public record ImageReplicationSpec(
    @JsonPropertyDescription(
            "The registry (account and region) whose repositories are replicated. Default: the"
                + " operator's own account and region. Immutable. Example: {accountId:"
                + " \"111122223333\", region: eu-west-1}")
        @Nullable RegistrySpec source,
    @JsonPropertyDescription(
            "Which repositories are replicated, 1 to 100, each by prefix, name or repositoryRef."
                + " Default: none, give all: true instead. Example: [{prefix: payments/}]")
        @Size(min = 1, max = 100)
        @ValidationRule(
            value = "self.all(r, self.exists_one(o, o == r))",
            message = "repositories names one of them twice: remove one")
        @Nullable List<ReplicatedRepositoriesSpec> repositories,
    @JsonPropertyDescription(
            "true: the whole registry is replicated, instead of some repositories. Default: false."
                + " Example: true")
        @Nullable Boolean all,
    @JsonPropertyDescription(
            "Where to, 1 to 25 registries. Never the source itself. Required. Example: [{region:"
                + " eu-central-1}]")
        @Required
        @Size(min = 1, max = 25)
        @ValidationRule(
            value =
                "self.all(d, self.exists_one(e, e.region == d.region && has(e.accountId) =="
                    + " has(d.accountId) && (!has(e.accountId) || e.accountId == d.accountId)))",
            message = "destinations names one of them twice: remove one")
        @Nullable List<DestinationSpec> destinations,
    @JsonPropertyDescription(
            "true: deletions of images and tags are replicated too. Default: false. Example: true")
        @Nullable Boolean replicateDeletes,
    @JsonPropertyDescription(
            "What happens to the rules when this object is deleted. RemoveRules: what only this"
                + " object says is removed. Retain: they stay, and are nobody's. With suspend: true"
                + " they stay in any case. Default: RemoveRules. Example: Retain")
        @OneOf({"RemoveRules", "Retain"})
        @Nullable String deletionPolicy,
    @JsonPropertyDescription(
            "true: the rules stay as they were applied last, whatever this object says, until it is"
                + " false again. Default: false. Example: true")
        @Nullable Boolean suspend) {}
