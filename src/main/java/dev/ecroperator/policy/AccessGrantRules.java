package dev.ecroperator.policy;

import dev.ecroperator.api.AccessGrantSpec;
import dev.ecroperator.api.AccessPolicySpec;
import dev.ecroperator.api.ServiceGrantSpec;
import dev.ecroperator.api.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What typed grants may say. The schema of the kind says most of it, too; here is the last word.
 */
final class AccessGrantRules {
  private static final Predicate<String> ACCOUNT_ID =
      Pattern.compile("[0-9]{12}").asMatchPredicate();
  private static final Predicate<String> ORGANIZATION_ID =
      Pattern.compile("o-[a-z0-9]{10,32}").asMatchPredicate();

  private static final Predicate<String> SERVICE =
      Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+").asMatchPredicate();

  /**
   * Accounts, roles and users of IAM, and sessions of STS: groups, policies and all else can never
   * be principals (IAM User Guide, "AWS JSON policy elements: Principal"). Their names are visible
   * ASCII, here without * and ?, for IAM takes no wildcard within a principal.
   */
  private static final Pattern PRINCIPAL =
      Pattern.compile(
          "arn:(?<partition>[a-z-]+):"
              + "(iam::[0-9]{12}:(root|(role|user)/[!-)+->@-~]+)"
              + "|sts::[0-9]{12}:(assumed-role|federated-user)/[!-)+->@-~]+)");

  /**
   * The account of a resource may be left out, as S3 does, where the resource itself is told. For
   * the schema that would cost too much to say.
   */
  private static final Predicate<String> OF_ONE_ACCOUNT =
      Pattern.compile("arn:[^:]*:[^:]*:[^:]*:([^:*?]+:.*|:[^:/*?]+([:/].*)?)").asMatchPredicate();

  private AccessGrantRules() {}

  /**
   * What is wrong with the grants, naming the field below accessPolicy; empty if nothing is known.
   *
   * @param partition the partition of the repository: AWS knows no principal of another
   */
  static Optional<String> problem(AccessPolicySpec spec, Visibility visibility, String partition) {
    if (visibility == Visibility.PUBLIC && spec.pull() != null) {
      return Optional.of("pull: everybody may pull from a public repository; leave it out");
    }
    return grant("pull", spec.pull(), partition).or(() -> grant("push", spec.push(), partition));
  }

  private static Optional<String> grant(
      String path, @Nullable AccessGrantSpec grant, String partition) {
    if (grant == null) {
      return Optional.empty();
    }
    Optional<String> problem =
        each(path + ".accounts", grant.accounts(), ACCOUNT_ID, "an account id of 12 digits")
            .or(
                () ->
                    each(
                        path + ".principals",
                        grant.principals(),
                        principal -> isPrincipal(principal, partition),
                        "the ARN of an IAM principal of partition "
                            + partition
                            + ", without white space, wildcards and policy variables,"))
            .or(
                () ->
                    each(
                        path + ".organizations",
                        grant.organizations(),
                        ORGANIZATION_ID,
                        "an organization's id, such as o-abc1234567,"));
    List<ServiceGrantSpec> services = AccessGrants.orEmpty(grant.services());
    for (int i = 0; i < services.size() && problem.isEmpty(); i++) {
      problem = service(path + ".services[" + i + "]", services.get(i));
    }
    return problem;
  }

  private static Optional<String> service(String path, ServiceGrantSpec grant) {
    String service = grant.service();
    if (service == null || !SERVICE.test(service)) {
      return Optional.of(path + ".service: a service such as lambda.amazonaws.com is accepted");
    }
    if (AccessGrants.orEmpty(grant.sourceAccounts()).isEmpty()
        && AccessGrants.orEmpty(grant.sourceArns()).isEmpty()) {
      return Optional.of(
          path
              + ": sourceAccounts or sourceArns is needed, else the service would act for any"
              + " account");
    }
    return each(
            path + ".sourceAccounts",
            grant.sourceAccounts(),
            ACCOUNT_ID,
            "an account id of 12 digits")
        .or(
            () ->
                each(
                    path + ".sourceArns",
                    grant.sourceArns(),
                    arn -> arn.startsWith("arn:") && !hasVariable(arn),
                    "an ARN, with * and ? but without policy variables,"))
        .or(
            () ->
                AccessGrants.orEmpty(grant.sourceAccounts()).isEmpty()
                    ? ofAnyAccount(path, grant)
                    : Optional.empty());
  }

  private static Optional<String> ofAnyAccount(String path, ServiceGrantSpec grant) {
    return each(
        path + ".sourceArns",
        grant.sourceArns(),
        OF_ONE_ACCOUNT,
        "without sourceAccounts, an ARN whose account has no * and ?, or whose resource has none"
            + " where there is no account,");
  }

  private static Optional<String> each(
      String path, @Nullable List<String> values, Predicate<String> accepted, String what) {
    List<String> given = AccessGrants.orEmpty(values);
    for (int i = 0; i < given.size(); i++) {
      if (!accepted.test(given.get(i))) {
        return Optional.of("%s[%d]: %s is accepted".formatted(path, i, what));
      }
    }
    return Optional.empty();
  }

  private static boolean isPrincipal(String principal, String partition) {
    Matcher arn = PRINCIPAL.matcher(principal);
    return principal.equals("*")
        || (arn.matches() && arn.group("partition").equals(partition) && !hasVariable(principal));
  }

  /**
   * Policy variables are refused, since they are variables in one version of the policy language
   * and plain text in the other, and the version of the document may belong to others.
   */
  private static boolean hasVariable(String arn) {
    return arn.contains("${");
  }
}
