package dev.ecroperator.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;

/** Objects of a kind as their owners write them. */
record Manifests(KubernetesClient client, String kind) {

  /** An object of the default namespace; its spec is YAML in one line. */
  GenericKubernetesResource object(String name, String spec) {
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ecroperator.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: default}
            spec: %s
            """
                .formatted(kind, name, spec),
            GenericKubernetesResource.class);
  }

  /** The same, at hand to be sent. */
  Resource<GenericKubernetesResource> resource(String name, String spec) {
    return client.resource(object(name, spec));
  }
}
