package dev.ecroperator.policy;

import dev.ecroperator.api.AccessGrantSpec;
import dev.ecroperator.api.AccessPolicySpec;
import dev.ecroperator.api.ServiceGrantSpec;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The typed access grants of a repository, written as policy statements. Their Sids tell the
 * operator's statements from those of others, which stay.
 */
public final class AccessGrants {
  /** Whether a statement with this Sid is written, replaced and removed by typed grants. */
  public static final Predicate<String> OWNED_SIDS =
      sid -> sid.startsWith("EcrOperatorPull") || sid.startsWith("EcrOperatorPush");

  private static final List<String> PULL_OPERATIONS =
      List.of("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer");
  private static final List<String> PUSH_OPERATIONS =
      Stream.concat(
              PULL_OPERATIONS.stream(),
              Stream.of(
                  "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage"))
          .toList();

  private final String sid;
  private final Json.Arr actions;
  private final String partition;
  private final List<Json.Obj> statements = new ArrayList<>();

  private AccessGrants(
      String sid, Visibility visibility, List<String> operations, String partition) {
    this.sid = sid;
    this.actions =
        Json.Arr.ofTexts(
            operations.stream().map(operation -> visibility.action(operation)).toList());
    this.partition = partition;
  }

  /**
   * The statements that grant what {@code pull} and {@code push} say; {@link PolicyDocument#none()}
   * if they grant nothing. The {@code json} of the spec is not looked at. The order of the user's
   * lists makes no difference to the text.
   *
   * @param partition the partition of the repository, in which bare account ids are meant: "aws",
   *     "aws-cn", ...
   * @throws IllegalArgumentException if something is wrong with them: with a message that names the
   *     field below accessPolicy
   */
  public static PolicyDocument statementsFor(
      AccessPolicySpec spec, Visibility visibility, String partition) {
    AccessGrantRules.problem(spec, visibility, partition)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    AccessGrants pull = new AccessGrants("EcrOperatorPull", visibility, PULL_OPERATIONS, partition);
    AccessGrants push = new AccessGrants("EcrOperatorPush", visibility, PUSH_OPERATIONS, partition);
    pull.grant(spec.pull());
    push.grant(spec.push());
    return PolicyDocument.ofStatements(
        Stream.concat(pull.statements.stream(), push.statements.stream()).toList());
  }

  private void grant(@Nullable AccessGrantSpec to) {
    if (to == null) {
      return;
    }
    SequencedSet<String> principals = new TreeSet<>();
    orEmpty(to.accounts()).forEach(account -> principals.add(rootOf(account)));
    principals.addAll(orEmpty(to.principals()));
    if (!principals.isEmpty()) {
      add("Principals", Json.Obj.EMPTY.with("AWS", Json.Arr.ofTexts(principals)), Json.Obj.EMPTY);
    }
    SequencedSet<String> organizations = new TreeSet<>(orEmpty(to.organizations()));
    if (!organizations.isEmpty()) {
      // Every principal there is, if it belongs to one of the organizations.
      add(
          "Organizations",
          new Json.Text("*"),
          clause(Json.Obj.EMPTY, "StringEquals", "aws:PrincipalOrgID", organizations));
    }
    grantServices(orEmpty(to.services()));
  }

  private void grantServices(List<ServiceGrantSpec> grants) {
    // Numbered in an order of their own, so that the user's makes no difference.
    SequencedSet<ServiceGrant> services = new TreeSet<>();
    grants.forEach(grant -> services.add(ServiceGrant.of(grant)));
    int number = 0;
    for (ServiceGrant grant : services) {
      Json.Obj condition =
          clause(Json.Obj.EMPTY, "StringEquals", "aws:SourceAccount", grant.sourceAccounts());
      add(
          "Service" + number++,
          Json.Obj.EMPTY.withText("Service", grant.service()),
          clause(condition, "ArnLike", "aws:SourceArn", grant.sourceArns()));
    }
  }

  private void add(String sidSuffix, Json principal, Json.Obj condition) {
    Json.Obj statement =
        Json.Obj.EMPTY
            .withText("Sid", sid + sidSuffix)
            .withText("Effect", "Allow")
            .with("Principal", principal)
            .with("Action", actions);
    statements.add(
        condition.members().isEmpty() ? statement : statement.with("Condition", condition));
  }

  /** A condition with one more clause; without values there is nothing to demand. */
  private static Json.Obj clause(
      Json.Obj condition, String operator, String key, SequencedSet<String> values) {
    return values.isEmpty()
        ? condition
        : condition.with(operator, Json.Obj.EMPTY.with(key, Json.Arr.ofTexts(values)));
  }

  private String rootOf(String account) {
    return "arn:" + partition + ":iam::" + account + ":root";
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
