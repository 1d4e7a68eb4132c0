package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images a lifecycle rule selects. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.tagStatus == 'tagged' || (!has(self.tagPatternList) && !has(self.tagPrefixList))",
    message =
        "tagPatternList and tagPrefixList are for tagStatus tagged only: remove them or set"
            + " tagStatus: tagged",
    fieldPath = ".tagStatus")
@ValidationRule(
    value = "self.tagStatus != 'tagged' || has(self.tagPatternList) != has(self.tagPrefixList)",
    message =
        "tagStatus tagged needs exactly one of tagPatternList and tagPrefixList: keep one of them",
    fieldPath = ".tagStatus")
@ValidationRule(
    value = "has(self.countUnit) == self.countType.startsWith('since')",
    message =
        "countUnit is needed with, and only with, a countType that begins with since: add"
            + " countUnit: days or remove it",
    fieldPath = ".countUnit")
@ValidationRule(
    value =
        "(has(self.storageClass) && self.storageClass == 'archive') == (self.countType =="
            + " 'sinceImageTransitioned')",
    message =
        "storageClass archive and countType sinceImageTransitioned need each other: set both or"
            + " neither",
    fieldPath = ".storageClass")
@ValidationRule(
    value = "self.countType != 'sinceImageTransitioned' || self.countNumber >= 90",
    message =
        "AWS keeps images in the archive for 90 days at least: set countNumber to 90 or more with"
            + " countType sinceImageTransitioned",
    fieldPath = ".countNumber")
public record LifecycleSelectionSpec(
    @JsonPropertyDescription(
            "tagged: images with the tags of tagPatternList or tagPrefixList. untagged: images"
                + " without a tag. any: all images. Required. Example: untagged")
        @Required
        @OneOf({"tagged", "untagged", "any"})
        @Nullable String tagStatus,
    @JsonPropertyDescription(
            "Patterns of tags, at most 100 of at most 128 characters, each with at most four * for"
                + " anything. An image is selected when each of them matches one of its tags. Only"
                + " with tagStatus tagged, and not together with tagPrefixList. Default: none."
                + " Example: [\"release-*\"]")
        @Size(min = 1, max = 100)
        @ValidationRule(
            value = "self.all(p, p.split('*').size() <= 5)",
            message = "a pattern has at most four *: use fewer")
        @Nullable List<@Size(min = 1, max = 128) String> tagPatternList,
    @JsonPropertyDescription(
            "Beginnings of tags, at most 100 of at most 128 characters. An image is selected when"
                + " each of them begins one of its tags. Only with tagStatus tagged, and not"
                + " together with tagPatternList. Default: none. Example: [release-]")
        @Size(min = 1, max = 100)
        @Nullable List<@Size(min = 1, max = 128) String> tagPrefixList,
    @JsonPropertyDescription(
            "Where the images are stored. archive needs, and is needed by, countType"
                + " sinceImageTransitioned. Default: standard. Example: archive")
        @OneOf({"standard", "archive"})
        @Nullable String storageClass,
    @JsonPropertyDescription(
            "What countNumber counts. imageCountMoreThan: images, of which the newest are kept."
                + " sinceImagePushed, sinceImagePulled, sinceImageTransitioned: time since the"
                + " image was pushed, last pulled or archived. sinceImagePulled needs action type"
                + " transition, sinceImageTransitioned needs expire. Required. Example:"
                + " sinceImagePushed")
        @Required
        @OneOf({
          "imageCountMoreThan",
          "sinceImagePushed",
          "sinceImagePulled",
          "sinceImageTransitioned"
        })
        @Nullable String countType,
    @JsonPropertyDescription(
            "The unit of countNumber: days. Needed with, and only with, a countType that begins"
                + " with since. Default: none. Example: days")
        @OneOf({"days"})
        @Nullable String countUnit,
    @JsonPropertyDescription(
            "How many images are kept, or for how many days: from 1 on, with countType"
                + " sinceImageTransitioned from 90 on. Required. Example: 7")
        @Required
        @Min(1)
        @Max(2147483647)
        @Nullable Integer countNumber) {}
