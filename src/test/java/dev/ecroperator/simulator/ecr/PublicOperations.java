package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What only public repositories and registries have: catalog data and aliases. */
final class PublicOperations {
  private static final String LOGO = "logoImageBlob";

  private final World world;

  PublicOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "CreateRepository", this::create,
        "GetRepositoryCatalogData", this::getCatalog,
        "PutRepositoryCatalogData", this::putCatalog,
        "DescribeRegistries", this::describeRegistries,
        "GetAuthorizationToken", this::authorize);
  }

  /** A repository as CreateRepository makes it from such an input, in no registry yet. */
  static RepositoryState created(Registry registry, JsonNode input, Instant at) {
    String name = input.path("repositoryName").asText();
    ObjectNode description =
        Json.object()
            .put("repositoryArn", registry.arn(name))
            .put("registryId", registry.account())
            .put("repositoryName", name)
            .put("repositoryUri", registry.uri(name));
    description.set("createdAt", Json.epochSeconds(at));
    ObjectNode catalog =
        input.path("catalogData") instanceof ObjectNode given ? given : Json.object();
    return RepositoryState.created(description, Tags.merged(Map.of(), input.path("tags")), catalog);
  }

  private ObjectNode create(Request request) {
    RepositoryState created = created(request.registry(), request.input(), request.at());
    request.registry().create(created, world.repositoryQuota);
    ObjectNode answer = catalogAnswer(created);
    answer.set("repository", created.description());
    return answer;
  }

  private ObjectNode getCatalog(Request request) {
    RepositoryState state = request.repository();
    if (state.catalog().isEmpty()) {
      throw AwsError.refused(
          "RepositoryCatalogDataNotFoundException",
          "Catalog data does not exist for the repository with name '%s' in the registry with id '%s'"
              .formatted(state.name(), request.registry().account()));
    }
    return catalogAnswer(state);
  }

  private ObjectNode putCatalog(Request request) {
    return catalogAnswer(
        request.update(
            state ->
                request.get("catalogData") instanceof ObjectNode catalog
                    ? state.withCatalog(catalog)
                    : state));
  }

  /** The logo goes in as an image and comes out as an address. */
  private static ObjectNode catalogAnswer(RepositoryState state) {
    ObjectNode readable = Json.object();
    for (String member :
        List.of("description", "architectures", "operatingSystems", "aboutText", "usageText")) {
      if (state.catalog().has(member)) {
        readable.set(member, state.catalog().path(member));
      }
    }
    if (state.catalog().has(LOGO)) {
      String address = "https://d3g9o9u8re44ak.cloudfront.net/logo/";
      readable.put(
          "logoUrl",
          address + Image.digestOf(state.catalog().path(LOGO).asText()).substring(7, 43) + ".png");
    }
    ObjectNode answer = Json.object();
    answer.set("catalogData", readable);
    return answer;
  }

  private ObjectNode describeRegistries(Request request) {
    Registry registry = request.registry();
    ObjectNode answer = Json.object();
    ObjectNode described =
        answer
            .putArray("registries")
            .addObject()
            .put("registryId", registry.account())
            .put(
                "registryArn",
                "arn:aws:ecr-public::" + registry.account() + ":registry/" + registry.account())
            .put("registryUri", "public.ecr.aws/" + registry.alias())
            .put("verified", false);
    described
        .putArray("aliases")
        .addObject()
        .put("name", registry.alias())
        .put("status", "ACTIVE")
        .put("primaryRegistryAlias", true)
        .put("defaultRegistryAlias", true);
    return answer;
  }

  private ObjectNode authorize(Request request) {
    ObjectNode answer = Json.object();
    answer.set("authorizationData", RegistryOperations.token(request.registry(), request.at()));
    return answer;
  }
}
