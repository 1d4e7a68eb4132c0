package dev.ecroperator;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.cluster.LenientReading;
import dev.ecroperator.cluster.WatchText;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.leadership.Leadership;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;

/** The cluster, checked before anything is started: each thing that is missing has its line. */
final class Cluster {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int LEASE_TIMEOUT_MILLIS = 2_000;
  private static final String LEASE = "ecr-operator";

  private Cluster() {}

  /**
   * A client by the library's standard settings, for a cluster that answers.
   *
   * @param refusals learns which watches are not permitted
   */
  static KubernetesClient connect(WatchRefusals refusals) {
    Config config = config(TIMEOUT_MILLIS, 2);
    try {
      return answering(config, refusals);
    } catch (RuntimeException e) {
      // Not the client's own exception alone: a server's URL may be none.
      throw new CannotStartException(
          "no Kubernetes cluster at "
              + config.getMasterUrl()
              + " ("
              + FirstLine.of(e)
              + "): set KUBECONFIG, or run in a pod with a service account",
          e);
    }
  }

  /** A client for a cluster that has answered. */
  static KubernetesClient answering(Config config, WatchRefusals refusals) {
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withKubernetesSerialization(LenientReading.serialization())
            .withHttpClientBuilderConsumer(
                http ->
                    http.addOrReplaceInterceptor("watch-refusals", refusals)
                        .addOrReplaceInterceptor("watch-text", new WatchText()))
            .build();
    // What a watch brings of a kind that is not known is read twice.
    client.getKubernetesSerialization().registerKubernetesResource(Repository.class);
    client.getKubernetesSerialization().registerKubernetesResource(ImageReplication.class);
    try {
      client.getKubernetesVersion();
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** The library's standard settings, and ours on top. */
  static Config config(int timeoutMillis, int retries) {
    try {
      return new ConfigBuilder()
          .withConnectionTimeout(timeoutMillis)
          .withRequestTimeout(timeoutMillis)
          .withRequestRetryBackoffLimit(retries)
          // All calls would share one connection, and Java's client keeps it where it is dead.
          .withHttp2Disable(true)
          .build();
    } catch (RuntimeException e) {
      // Its message may quote the file, which holds secrets.
      throw new CannotStartException(
          "the kubeconfig "
              + String.join(File.pathSeparator, Config.getKubeconfigFilenames())
              + " cannot be read: set KUBECONFIG to a file in YAML as kubectl reads it"
              + " ('kubectl config view' says what is wrong with this one)",
          e);
    }
  }

  /**
   * Takes part in the election of a leader, by a client of its own: what is asked of the lease is
   * answered soon, or asked anew. Whether the lease may be read at all is asked with patience.
   *
   * @param lost ends the process, where it leads no more
   */
  static Leadership contend(
      OperatorConfig config,
      KubernetesClient patient,
      Fence fence,
      InstantSource clock,
      Runnable lost) {
    String namespace = config.podNamespace().orElseGet(patient::getNamespace);
    if (namespace == null) {
      throw new CannotStartException(
          "no namespace for the Lease "
              + LEASE
              + ": set POD_NAMESPACE, or"
              + " OPERATOR_LEADER_ELECTION=false where one replica runs");
    }
    try {
      patient.leases().inNamespace(namespace).withName(LEASE).get();
    } catch (KubernetesClientException e) {
      throw new CannotStartException(
          "the Lease "
              + namespace
              + "/"
              + LEASE
              + " cannot be read ("
              + FirstLine.of(e)
              + "): allow 'get', 'create' and 'update' of leases.coordination.k8s.io there",
          e);
    }
    KubernetesClient client =
        new KubernetesClientBuilder().withConfig(config(LEASE_TIMEOUT_MILLIS, 0)).build();
    // Another process of the same pod is another candidate.
    String identity = config.podName().orElse("ecr-operator") + "_" + UUID.randomUUID();
    return Leadership.contend(client, namespace, LEASE, identity, fence, clock, lost);
  }

  /** This installation's id in ownership tags. */
  static String ownerId(KubernetesClient client, OperatorConfig config) {
    if (config.ownerId().isPresent()) {
      return config.ownerId().get();
    }
    try {
      Namespace kubeSystem = client.namespaces().withName("kube-system").get();
      if (kubeSystem != null) {
        return kubeSystem.getMetadata().getUid();
      }
      throw new CannotStartException(
          "the cluster has no namespace kube-system to take an id from: set OPERATOR_OWNER_ID");
    } catch (KubernetesClientException e) {
      throw new CannotStartException(
          "the namespace kube-system, whose uid is the owner id, cannot be read ("
              + FirstLine.of(e)
              + "): set OPERATOR_OWNER_ID, or allow 'get' on it",
          e);
    }
  }

  /** Makes sure that the kind's CRD is installed and that its objects may be read. */
  static <T extends HasMetadata> void require(
      Class<T> kind, KubernetesClient client, Set<String> namespaces) {
    String crd = HasMetadata.getFullResourceName(kind);
    try {
      APIResourceList served = client.getApiResources(HasMetadata.getApiVersion(kind));
      String plural = HasMetadata.getPlural(kind);
      if (served == null
          || served.getResources().stream().noneMatch(r -> plural.equals(r.getName()))) {
        throw new CannotStartException(
            "the CRD " + crd + " is not installed: kubectl apply -f crds/");
      }
      var one = new ListOptionsBuilder().withLimit(1L).build();
      if (namespaces.isEmpty()) {
        client.resources(kind).inAnyNamespace().list(one);
      }
      for (String namespace : namespaces) {
        client.resources(kind).inNamespace(namespace).list(one);
      }
    } catch (KubernetesClientException e) {
      throw new CannotStartException(
          (e.getCode() == HTTP_FORBIDDEN
                  ? "not permitted to list " + crd
                  : crd + " cannot be listed")
              + " ("
              + FirstLine.of(e)
              + "): kubectl apply -f examples/install/rbac.yaml gives the permissions",
          e);
    }
  }
}
