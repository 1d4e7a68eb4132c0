package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One ECR repository, private or public.
 *
 * <p>The rules here, on the root, are evaluated on every write, of status and metadata too: never
 * tighten them, for that would keep stored objects from being reconciled and deleted. Rules in spec
 * let unchanged values through.
 */
@Group("ecroperator.dev")
@Version("v1alpha1")
@Kind("Repository")
@Plural("repositories")
@ShortNames("ecrrepo")
@JsonClassDescription(
    "One AWS ECR repository, private or public. What spec declares is kept in AWS; what it never"
        + " declared is left as it is there.")
@ValidationRule(
    value = "size(self.metadata.name) <= 155",
    message =
        "metadata.name is longer than 155 characters, and would not fit into the owner tag: choose"
            + " a shorter one and give the repository's own name in spec.name",
    fieldPath = ".spec.name")
@ValidationRule(
    value = "has(self.spec.name) || size(self.metadata.name) >= 2",
    message =
        "a repository's name has at least 2 characters, metadata.name has one: give the"
            + " repository's name in spec.name",
    fieldPath = ".spec.name")
@ValidationRule(
    value =
        "has(self.spec.name) || !has(self.spec.visibility) || self.spec.visibility != 'Public' ||"
            + " self.metadata.name.matches('^[a-z0-9]+([._-][a-z0-9]+)*$')",
    message =
        "metadata.name is no name of a public repository, which has single separators between its"
            + " letters and digits: choose another or give the repository's name in spec.name",
    fieldPath = ".spec.name")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "Whether AWS is as declared.")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "Why it is ready, or why not.")
@AdditionalPrinterColumn(
    name = "URI",
    jsonPath = ".status.uri",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "What docker pull and push take.")
@AdditionalPrinterColumn(
    name = "VISIBILITY",
    jsonPath = ".status.visibility",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1,
    getDescription = "Private or Public.")
@AdditionalPrinterColumn(
    name = "REGION",
    jsonPath = ".status.region",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1,
    getDescription = "The AWS region that holds it.")
@AdditionalPrinterColumn(
    name = "MUTABILITY",
    jsonPath = ".status.effective.imageTagMutability.mode",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1,
    getDescription = "Whether image tags can be overwritten.")
@AdditionalPrinterColumn(
    name = "SCAN",
    jsonPath = ".status.effective.scanning.frequency",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1,
    getDescription = "When images are scanned, the registry's rules included.")
@AdditionalPrinterColumn(
    name = "ENCRYPTION",
    jsonPath = ".status.effective.encryption.type",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1,
    getDescription = "How images are encrypted at rest.")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "When the object was created.")
public class Repository extends Manifest<RepositorySpec, RepositoryStatus> implements Namespaced {}
