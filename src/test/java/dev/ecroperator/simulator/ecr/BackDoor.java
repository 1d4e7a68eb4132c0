package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Edits of one registry behind the operator's back, as by a person in the console: not over the
 * wire, not in the call log, not stopped by faults. Every edit throws IllegalArgumentException
 * where AWS would refuse it, such as for a repository that is not there. What only private
 * repositories have is lost on a public one.
 */
public final class BackDoor {
  private final World world;
  private final Registry registry;
  private final boolean isPublic;

  BackDoor(World world, Registry registry, boolean isPublic) {
    this.world = world;
    this.registry = registry;
    this.isPublic = isPublic;
  }

  /** Creates a repository with AWS's defaults. */
  public void create(String name) {
    create(name, world.clock.instant());
  }

  /** Creates a repository with AWS's defaults, as if at that time. */
  public void create(String name, Instant at) {
    ObjectNode input = Json.object().put("repositoryName", name);
    RepositoryState created =
        isPublic
            ? PublicOperations.created(registry, input, at)
            : PrivateOperations.created(registry, input, at);
    edit(() -> registry().create(created, Integer.MAX_VALUE));
  }

  /** Deletes a repository with all it holds. */
  public void delete(String name) {
    edit(() -> registry().delete(name, state -> {}));
  }

  /** Puts a new and empty repository of defaults in the place of one. */
  public void recreate(String name) {
    delete(name);
    create(name);
  }

  /** Sets the mutability, with the wildcards excluded from it. Private only. */
  public void setMutability(String name, String mutability, String... exclusionFilters) {
    ObjectNode input = Json.object().put("imageTagMutability", mutability);
    if (exclusionFilters.length > 0) {
      ArrayNode filters = input.putArray("imageTagMutabilityExclusionFilters");
      for (String filter : exclusionFilters) {
        filters.addObject().put("filterType", "WILDCARD").put("filter", filter);
      }
    }
    update(name, state -> TagMutability.set(state, input));
  }

  /** Private only. */
  public void setScanOnPush(String name, boolean scanOnPush) {
    ObjectNode scanning = Json.object();
    scanning.set("scanOnPush", BooleanNode.valueOf(scanOnPush));
    update(name, state -> state.with("imageScanningConfiguration", scanning));
  }

  /** Replaces all tags. */
  public void setTags(String name, Map<String, String> tags) {
    update(name, state -> state.withTags(tags));
  }

  /** Replaces the access policy by a text that will be read back exactly so, or removes it. */
  public void setPolicy(String name, @Nullable String text) {
    update(name, state -> state.withPolicy(text));
  }

  /** Replaces the lifecycle policy by a text that is not checked, or removes it. Private only. */
  public void setLifecycle(String name, @Nullable String text) {
    update(name, state -> state.withLifecycle(text));
  }

  /** Replaces the catalog data. Public only. */
  public void setCatalog(String name, Map<String, ?> catalog) {
    ObjectNode data = Json.MAPPER.valueToTree(catalog);
    update(name, state -> state.withCatalog(data));
  }

  /**
   * Pushes an image with some manifest of its own under the tag, and gives its digest. It is
   * replicated as one that a client pushes.
   */
  public String putImage(String name, String tag) {
    String manifest =
        Json.object()
            .put("schemaVersion", 2)
            .put("mediaType", Image.DEFAULT_MEDIA_TYPE)
            .put("simulated", tag + "@" + System.nanoTime())
            .toString();
    String digest = Image.digestOf(manifest);
    Instant now = world.clock.instant();
    edit(
        () ->
            world.replication.push(
                registry(),
                name,
                digest,
                tag,
                state -> ImageOperations.put(state, manifest, Image.DEFAULT_MEDIA_TYPE, tag, now),
                now));
    return digest;
  }

  /** Deletes all images of a repository. */
  public void deleteImages(String name) {
    edit(
        () ->
            world.replication.delete(
                registry(),
                name,
                state -> state.withImages(Collections.emptyNavigableMap()),
                world.clock.instant()));
  }

  /**
   * Replaces the replication configuration, {@code {"rules":[..]}}, by one that is not checked and
   * will be read back to the byte. Private only.
   *
   * @throws IllegalArgumentException for a text that is no JSON object
   */
  public void setReplication(String json) {
    registry().replicate(ReplicationRules.of(json));
  }

  /**
   * Replaces the registry's policy by a text that is not checked and will be read back exactly so,
   * or removes it. Private only.
   */
  public void setRegistryPolicy(@Nullable String text) {
    registry().policy(text);
  }

  /** Replaces the registry's policy by one that lets just these accounts replicate here. */
  public void admitReplicationFrom(String... accounts) {
    ObjectNode policy = Json.object().put("Version", "2012-10-17");
    ObjectNode statement =
        policy.putArray("Statement").addObject().put("Sid", "Replication").put("Effect", "Allow");
    ArrayNode principals = statement.putObject("Principal").putArray("AWS");
    for (String account : accounts) {
      principals.add("arn:" + registry.partition() + ":iam::" + account + ":root");
    }
    statement.putArray("Action").add("ecr:CreateRepository").add("ecr:ReplicateImage");
    statement.put("Resource", registry.arn("*"));
    setRegistryPolicy(policy.toString());
  }

  /**
   * How long replication to this registry takes from now on, for what is under way too; null for as
   * long as everywhere.
   */
  public void arrivalsTake(@Nullable Duration duration) {
    registry().arrivalsTake = duration;
  }

  /**
   * From now on replication to this registry ends FAILED with this code, of what is under way too;
   * null to end that. What failed stays so.
   */
  public void failArrivals(@Nullable String code) {
    registry().arrivalsFail = code;
  }

  /**
   * Lets the registry scan repositories that fit the wildcard at that frequency, whatever their own
   * setting says.
   */
  public void setRegistryScanning(String wildcard, String frequency) {
    registry().scan(new Registry.RegistryScanning(wildcard, frequency));
  }

  private void update(String name, UnaryOperator<RepositoryState> change) {
    edit(() -> registry().update(name, change));
  }

  /** The registry with all that has arrived by now. */
  private Registry registry() {
    world.replication.settle();
    return registry;
  }

  private static void edit(Runnable edit) {
    try {
      edit.run();
    } catch (AwsError refused) {
      throw new IllegalArgumentException(refused.getMessage(), refused);
    }
  }
}
