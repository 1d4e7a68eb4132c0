package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Which repositories of a registry are replicated where: one of many owners' shares in the
 * registry's one replication configuration.
 */
@Group("ecroperator.dev")
@Version("v1alpha1")
@Kind("ImageReplication")
@Plural("imagereplications")
@ShortNames("imgrepl")
@JsonClassDescription(
    "Which repositories of an AWS ECR registry are replicated to which regions and accounts. Those"
        + " of all namespaces are merged into the one replication configuration of the registry;"
        + " rules of others in it stay as they are.")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "Whether its rules stand in ECR as declared.")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "Why it is ready, or why not.")
@AdditionalPrinterColumn(
    name = "SYNCED",
    jsonPath = ".status.synced",
    type = AdditionalPrinterColumn.Type.STRING,
    getDescription = "How many of its destinations have all images.")
@AdditionalPrinterColumn(
    name = "REPOSITORIES",
    jsonPath = ".status.matchedRepositories",
    type = AdditionalPrinterColumn.Type.INTEGER,
    getDescription = "How many repositories ECR replicates by it.")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "When the object was created.")
public class ImageReplication extends Manifest<ImageReplicationSpec, ImageReplicationStatus>
    implements Namespaced {}
