package dev.ecroperator.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.ecr.Access;
import dev.ecroperator.simulator.ecr.IdentityPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever is asked for, by an operator that errs or by somebody who has its credentials: what is
 * not ours is not changed. Every access that could be asked for is tried on each policy.
 */
class OwnershipInPoliciesTest {
  private static final String OWNER = "ecroperator.dev/owner";
  private static final String OURS = "my-cluster/team/object";
  private static final String NEIGHBOURS = "my-cluster-2/team/object";
  private static final String OLD = "old-cluster/team/object";
  private static final Pattern READS =
      Pattern.compile("ecr(-public)?:(Describe|Get|List|BatchGet).*");
  private static final String KEY =
      "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String REPLICATION_ROLE =
      "arn:aws:iam::111122223333:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication";

  /** The owner that a repository has, or that a request names; "" for none. */
  private static final List<String> OWNERS = List.of("", OURS, NEIGHBOURS, OLD);

  private static final List<Access> ACCESSES = accesses();

  private static List<Access> accesses() {
    Set<String> actions = new TreeSet<>();
    for (Feature feature : Feature.values()) {
      actions.addAll(feature.policy().actions());
    }
    List<Access> accesses = new ArrayList<>();
    for (String action : actions) {
      for (String resource : resources(action)) {
        for (String has : OWNERS) {
          for (String named : OWNERS) {
            tagKeys(action, resource, has, named).forEach(accesses::add);
          }
        }
      }
    }
    return accesses;
  }

  private static List<String> resources(String action) {
    if (PoliciesTest.REGISTRY_WIDE.contains(action)) {
      return List.of("*");
    }
    return switch (action.substring(0, action.indexOf(':'))) {
      case "ecr" ->
          List.of(
              "arn:aws:ecr:eu-west-1:111122223333:repository/*",
              "arn:aws:ecr:us-east-1:111122223333:repository/payments/api",
              "arn:aws:ecr:eu-west-1:444455556666:repository/payments/api");
      case "ecr-public" ->
          List.of(
              "arn:aws:ecr-public::111122223333:repository/*",
              "arn:aws:ecr-public::111122223333:repository/sdk",
              "arn:aws:ecr-public::444455556666:repository/sdk");
      case "kms" -> List.of(KEY, KEY.replace("1234567890ab", "000000000000"));
      case "iam" -> List.of(REPLICATION_ROLE, "arn:aws:iam::111122223333:role/admin");
      default -> throw new AssertionError("what could be asked for of " + action + "?");
    };
  }

  private static Stream<Access> tagKeys(String action, String resource, String has, String named) {
    Access access = Access.to(action, resource).tagged(owner(has));
    return switch (action.substring(0, action.indexOf(':'))) {
      case "kms" ->
          Stream.of("ecr.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "")
              .map(via -> via.isEmpty() ? access : access.with("kms:ViaService", List.of(via)));
      case "iam" ->
          Stream.of("replication.ecr.amazonaws.com", "eks.amazonaws.com")
              .map(service -> access.with("iam:AWSServiceName", List.of(service)));
      default ->
          action.endsWith(":UntagResource")
              ? Stream.of(List.of("team"), List.of("team", OWNER))
                  .map(keys -> access.with("aws:TagKeys", keys))
              : Stream.of(access.tagging(withTeam(named)));
    };
  }

  private static Map<String, String> owner(String owner) {
    return owner.isEmpty() ? Map.of() : Map.of(OWNER, owner);
  }

  private static Map<String, String> withTeam(String owner) {
    Map<String, String> tags = new TreeMap<>(owner(owner));
    tags.put("team", "payments");
    return tags;
  }

  /** What an operator of the cluster my-cluster may ever do by this policy. */
  private static boolean isProper(Feature feature, Access access) {
    String has = value(access, "aws:resourcetag/" + OWNER);
    String named = value(access, "aws:requesttag/" + OWNER);
    boolean isOurs = has.startsWith("my-cluster/");
    boolean namesUs = named.startsWith("my-cluster/");
    String operation = access.action().substring(access.action().indexOf(':') + 1);
    boolean isHere =
        access.resource().contains(":111122223333:repository/")
            || access.resource().equals(KEY)
            || access.resource().equals(REPLICATION_ROLE);
    if (PoliciesTest.REGISTRY_WIDE.contains(access.action())) {
      return true;
    }
    if (READS.matcher(access.action()).matches()) {
      return isHere;
    }
    return isHere
        && switch (operation) {
          case "CreateRepository" -> namesUs;
          case "TagResource" ->
              switch (feature) {
                // IAM sees no difference between a repository that is to be, and one of nobody's.
                case CREATE -> namesUs && (isOurs || has.isEmpty());
                case ADOPT -> namesUs && has.isEmpty();
                case TAKE_OVER -> namesUs && has.startsWith("old-cluster/");
                case PUBLIC -> namesUs ? isOurs || has.isEmpty() : isOurs && named.isEmpty();
                default -> isOurs && (namesUs || named.isEmpty());
              };
          case "UntagResource" ->
              isOurs && !access.context().getOrDefault("aws:tagkeys", List.of()).contains(OWNER);
          case "CreateGrant", "DescribeKey", "RetireGrant" ->
              value(access, "kms:viaservice").equals("ecr.eu-west-1.amazonaws.com");
          case "CreateServiceLinkedRole" ->
              value(access, "iam:awsservicename").equals("replication.ecr.amazonaws.com");
          default -> isOurs;
        };
  }

  private static String value(Access access, String key) {
    return String.join(",", access.context().getOrDefault(key, List.of()));
  }

  @ParameterizedTest
  @EnumSource
  void noPolicyAllowsMoreThanIsProper(Feature feature) {
    IdentityPolicy policy = feature.policy();

    assertThat(ACCESSES.stream().filter(policy::allows))
        .isNotEmpty()
        .filteredOn(access -> !isProper(feature, access))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOursOrToBeOursIsAllowed(Feature feature) {
    IdentityPolicy policy = feature.policy();

    assertThat(
            ACCESSES.stream()
                .filter(access -> policy.actions().contains(access.action()))
                .filter(access -> isProper(feature, access)))
        .isNotEmpty()
        .filteredOn(access -> !policy.allows(access))
        .isEmpty();
  }

  /** AWS documents of some services that a new resource's tags count as its tags already. */
  @ParameterizedTest
  @EnumSource(names = {"CREATE", "PUBLIC"})
  void creationIsAllowedWhetherOrNotItsTagsCountAlready(Feature feature) {
    String service = feature == Feature.PUBLIC ? "ecr-public" : "ecr";
    String arn = resources(service + ":").get(1);
    for (String operation : List.of("CreateRepository", "TagResource")) {
      Access access = Access.to(service + ":" + operation, arn).tagging(owner(OURS));
      assertThat(feature.policy().allows(access)).isTrue();
      assertThat(feature.policy().allows(access.tagged(owner(OURS)))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noConditionCouldBeLeftOut(Feature feature) throws IOException {
    without(
        feature,
        (statement, changed) -> {
          for (String operator : names(statement.path("Condition"))) {
            for (String key : names(statement.path("Condition").path(operator))) {
              ObjectNode condition = (ObjectNode) statement.path("Condition").path(operator);
              JsonNode value = condition.remove(key);
              IdentityPolicy policy = changed.get();
              assertThat(improper(feature, policy))
                  .as("%s without %s %s", feature, operator, key)
                  .isNotEmpty();
              condition.set(key, value);
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void noStatementCouldBeAboutMore(Feature feature) throws IOException {
    without(
        feature,
        (statement, changed) -> {
          JsonNode resource = statement.path("Resource");
          if (!resource.asText().equals("*")) {
            ((ObjectNode) statement).put("Resource", "*");
            assertThat(improper(feature, changed.get()))
                .as("%s: %s", feature, statement)
                .isNotEmpty();
            ((ObjectNode) statement).set("Resource", resource);
          }
        });
  }

  private static List<Access> improper(Feature feature, IdentityPolicy policy) {
    return ACCESSES.stream()
        .filter(access -> policy.allows(access) && !isProper(feature, access))
        .toList();
  }

  /** What is done to each statement of a policy, with the policy as it is then. */
  @FunctionalInterface
  private interface Change {
    void of(JsonNode statement, Supplier<IdentityPolicy> changed);
  }

  private static void without(Feature feature, Change change) throws IOException {
    JsonNode policy = PoliciesTest.json(feature.file());
    for (JsonNode statement : policy.path("Statement")) {
      change.of(statement, () -> IdentityPolicy.parse(policy.toString()));
    }
    assertThat(policy).isEqualTo(PoliciesTest.json(feature.file()));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
