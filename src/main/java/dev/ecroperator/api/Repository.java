package dev.ecroperator.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One ECR repository, private or public. */
@Group("ecroperator.dev")
@Version("v1alpha1")
@Kind("Repository")
@Plural("repositories")
@ShortNames("ecrrepo")
public class Repository extends CustomResource<RepositorySpec, RepositoryStatus>
    implements Namespaced {}
