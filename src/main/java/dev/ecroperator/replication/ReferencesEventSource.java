package dev.ecroperator.replication;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ReplicatedRepositoriesSpec;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryReference;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The Repositories of the cluster: has the objects looked at that refer to one that changed. */
final class ReferencesEventSource extends InformerEventSource<Repository, ImageReplication> {
  private static final String REFERENCES = "repositoryRef";

  private ReferencesEventSource(
      InformerEventSourceConfiguration<Repository> configuration,
      EventSourceContext<ImageReplication> context) {
    super(configuration, context);
  }

  static ReferencesEventSource of(EventSourceContext<ImageReplication> context) {
    IndexerResourceCache<ImageReplication> replications = context.getPrimaryCache();
    replications.addIndexer(REFERENCES, ReferencesEventSource::references);
    return new ReferencesEventSource(
        InformerEventSourceConfiguration.from(Repository.class, ImageReplication.class)
            .withName("referenced-repositories")
            .withNamespacesInheritedFromController()
            .withInformerListLimit(500L)
            .withOnUpdateFilter(ReferencesEventSource::differ)
            .withSecondaryToPrimaryMapper(repository -> referring(repository, replications))
            .build(),
        context);
  }

  /** A Repository, as the cluster had it last. */
  Optional<Repository> repository(String namespace, String name) {
    return get(new ResourceID(name, namespace));
  }

  private static boolean differ(Repository now, Repository before) {
    return !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
        || !Objects.equals(now.getStatus(), before.getStatus());
  }

  private static Set<ResourceID> referring(
      Repository repository, IndexerResourceCache<ImageReplication> replications) {
    String key = key(repository.getMetadata().getNamespace(), repository.getMetadata().getName());
    return replications.byIndex(REFERENCES, key).stream()
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static List<String> references(ImageReplication replication) {
    List<ReplicatedRepositoriesSpec> entries = replication.getSpec().repositories();
    return entries == null
        ? List.of()
        : entries.stream()
            .map(ReplicatedRepositoriesSpec::repositoryRef)
            .filter(Objects::nonNull)
            .map(RepositoryReference::name)
            .map(name -> key(replication.getMetadata().getNamespace(), name))
            .toList();
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
