package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user declares of one ECR repository. A member that is null was not declared. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.name) == has(oldSelf.name) && (!has(self.name) || self.name == oldSelf.name)",
    message =
        "name is immutable, and can neither be added nor removed later: delete this object"
            + " (deletionPolicy: Retain leaves the repository) and create another",
    fieldPath = ".name")
@ValidationRule(
    value =
        "(has(self.visibility) && self.visibility == 'Public') == (has(oldSelf.visibility) &&"
            + " oldSelf.visibility == 'Public')",
    message =
        "visibility is immutable: delete this object (deletionPolicy: Retain leaves the repository)"
            + " and create another",
    fieldPath = ".visibility")
@ValidationRule(
    value =
        "has(self.registry) == has(oldSelf.registry) && (!has(self.registry) ||"
            + " (has(self.registry.accountId) == has(oldSelf.registry.accountId) &&"
            + " (!has(self.registry.accountId) || self.registry.accountId =="
            + " oldSelf.registry.accountId) && has(self.registry.region) =="
            + " has(oldSelf.registry.region) && (!has(self.registry.region) || self.registry.region"
            + " == oldSelf.registry.region)))",
    message =
        "registry is immutable, and can neither be added nor removed later: delete this object"
            + " (deletionPolicy: Retain leaves the repository) and create another",
    fieldPath = ".registry")
@ValidationRule(
    value =
        "!has(self.name) || !has(self.visibility) || self.visibility != 'Public' ||"
            + " (size(self.name) <= 205 &&"
            + " self.name.matches('^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$'))",
    message =
        "the name of a public repository has at most 205 characters, and single separators (. _ or"
            + " -) between its letters and digits: write it such as payments/sdk",
    fieldPath = ".name")
@ValidationRule(
    value =
        "!has(self.registry) || !has(self.registry.region) || !has(self.visibility) ||"
            + " self.visibility == 'Private'",
    message =
        "registry.region is for private repositories, public ones all live in us-east-1: remove it"
            + " or set visibility: Private",
    fieldPath = ".registry.region")
@ValidationRule(
    value =
        "!has(self.imageTagMutability) || !has(self.visibility) || self.visibility == 'Private'",
    message =
        "imageTagMutability is for private repositories only: remove it or set visibility: Private",
    fieldPath = ".imageTagMutability")
@ValidationRule(
    value = "!has(self.encryption) || !has(self.visibility) || self.visibility == 'Private'",
    message = "encryption is for private repositories only: remove it or set visibility: Private",
    fieldPath = ".encryption")
@ValidationRule(
    value = "!has(self.scanning) || !has(self.visibility) || self.visibility == 'Private'",
    message = "scanning is for private repositories only: remove it or set visibility: Private",
    fieldPath = ".scanning")
@ValidationRule(
    value = "!has(self.lifecyclePolicy) || !has(self.visibility) || self.visibility == 'Private'",
    message =
        "lifecyclePolicy is for private repositories only: remove it or set visibility: Private",
    fieldPath = ".lifecyclePolicy")
@ValidationRule(
    value = "!has(self.catalog) || (has(self.visibility) && self.visibility == 'Public')",
    message = "catalog is for public repositories only: remove it or set visibility: Public",
    fieldPath = ".catalog")
@ValidationRule(
    value =
        "!has(self.accessPolicy) || !has(self.accessPolicy.pull) || !has(self.visibility) ||"
            + " self.visibility == 'Private'",
    message = "everybody may pull from a public repository: remove accessPolicy.pull",
    fieldPath = ".accessPolicy.pull")
public record RepositorySpec(
    @JsonPropertyDescription(
            "The repository's name in ECR, path included. 2 to 256 characters (Public: 205)."
                + " Default: metadata.name. Immutable, also from set to unset. Example:"
                + " payments/api")
        @Size(min = 2, max = 256)
        @ValidationRule(
            value = NAME,
            message =
                "name is made of lower-case letters and digits, with . _ __ or - between them and /"
                    + " between the parts of a path: write it such as payments/api")
        @Nullable String name,
    @JsonPropertyDescription(
            "Private: in the account's own registry, for the account and whom accessPolicy lets in."
                + " Public: in the public gallery (public.ecr.aws), for everybody. Default:"
                + " Private. Immutable. Example: Public")
        @OneOf({"Private", "Public"})
        @Nullable String visibility,
    @JsonPropertyDescription(
            "The registry (account and region) that holds the repository; no region for Public,"
                + " which lives in us-east-1. Default: the operator's own account and region."
                + " Immutable. Example: {accountId: \"111122223333\", region: eu-west-1}")
        @Nullable RegistrySpec registry,
    @JsonPropertyDescription(
            "Whether image tags can be overwritten. Private only. Default: left as ECR has it"
                + " (MUTABLE in a new repository). Example: {mode: IMMUTABLE}")
        @Nullable ImageTagMutabilitySpec imageTagMutability,
    @JsonPropertyDescription(
            "How images are encrypted at rest. ECR fixes it when it creates the repository: a value"
                + " that differs later is reported as ImmutableConflict, and putting it back heals."
                + " Private only. Default: AES256. Example: {type: KMS, kmsKey: alias/ecr}")
        @Nullable EncryptionSpec encryption,
    @JsonPropertyDescription(
            "Whether images are scanned for vulnerabilities. Private only. Default: left as ECR has"
                + " it (off in a new repository). Example: {scanOnPush: true}")
        @Nullable ScanningSpec scanning,
    @JsonPropertyDescription(
            "Which images expire, as rules or as a JSON document. Private only. Default: left as"
                + " ECR has it; {} means that there shall be none. Example: {rules: [{rulePriority:"
                + " 10, selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit:"
                + " days, countNumber: 7}, action: {type: expire}}]}")
        @Nullable LifecyclePolicySpec lifecyclePolicy,
    @JsonPropertyDescription(
            "Who else may pull and push, as grants or as a JSON document. Default: left as ECR has"
                + " it; {} means that there shall be none. Example: {pull: {accounts:"
                + " [\"444455556666\"]}}")
        @Nullable AccessPolicySpec accessPolicy,
    @JsonPropertyDescription(
            "What the public gallery shows of the repository. Public only. Default: left as ECR has"
                + " it; {} means that there shall be none. Example: {description: Payments SDK,"
                + " operatingSystems: [Linux]}")
        @Nullable CatalogSpec catalog,
    @JsonPropertyDescription(
            "AWS tags of the repository: at most 49, keys of 1 to 128 characters, values of at most"
                + " 256. Keys of aws: and ecroperator.dev/ are reserved. Other tags of the"
                + " repository are left alone. Default: none. Example: {team: payments}")
        @Size(max = 49)
        @ValidationRule(
            value = "self.all(k, size(k) >= 1 && size(k) <= 128)",
            message = "a tag's key has 1 to 128 characters: shorten it")
        @ValidationRule(
            value = "!self.exists(k, k.matches('^[aA][wW][sS]:'))",
            message = "tags that begin with aws: are AWS's own: choose another key")
        @ValidationRule(
            value = "!self.exists(k, k.lowerAscii().startsWith('ecroperator.dev/'))",
            message =
                "tags that begin with ecroperator.dev/ are the operator's own: choose another key")
        @Nullable Map<String, @Size(max = 256) String> tags,
    @JsonPropertyDescription(
            "What to do when the repository exists already and is nobody's. Never: report"
                + " AlreadyExists. IfExists: take it as it is, and make it as declared. Default:"
                + " Never. Example: IfExists")
        @OneOf({"Never", "IfExists"})
        @Nullable String adoption,
    @JsonPropertyDescription(
            "Takes the repository over from the owner that its tag ecroperator.dev/owner names: the"
                + " tag's exact value, <owner id>/<namespace>/<name>, at most 256 characters."
                + " Default: empty, nobody. Example: blue/payments/payments-api")
        @Size(max = 256)
        @Nullable String takeOverFrom,
    @JsonPropertyDescription(
            "What happens to the repository when this object is deleted. Retain: it stays, with its"
                + " images. Delete: it is deleted once it holds no images. ForceDelete: it is"
                + " deleted with its images. With management: ObserveOnly or suspend: true it stays"
                + " in any case. Default: Retain. Example: Delete")
        @OneOf({"Retain", "Delete", "ForceDelete"})
        @Nullable String deletionPolicy,
    @JsonPropertyDescription(
            "Full: the operator makes the repository as declared. ObserveOnly: it writes nothing,"
                + " lets go of what it held, and reports differences as DriftDetected; deleting"
                + " this object leaves the repository, whatever deletionPolicy says. Default: Full."
                + " Example: ObserveOnly")
        @OneOf({"Full", "ObserveOnly"})
        @Nullable String management,
    @JsonPropertyDescription(
            "true: the operator neither reads nor writes this repository until it is false again;"
                + " deleting this object leaves the repository, whatever deletionPolicy says."
                + " Default: false. Example: true")
        @Nullable Boolean suspend) {

  /** What ECR takes for the name of a private repository. */
  static final String NAME =
      "self.matches('^([a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*$')";
}
