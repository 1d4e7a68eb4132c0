package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** To whom an access is granted. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AccessGrantSpec(
    @JsonPropertyDescription(
            "AWS accounts, at most 100: 12 digits each, in quotes. Who may within an account, its"
                + " own IAM policies say. Default: none. Example: [\"444455556666\"]")
        @Size(max = 100)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @ValidationRule(
            value = "self.all(a, a.matches('^[0-9]{12}$'))",
            message =
                "accounts are AWS account ids: write the 12 digits of each in quotes, such as"
                    + " \"444455556666\"")
        @Nullable List<@Size(max = 12) String> accounts,
    @JsonPropertyDescription(
            "ARNs of IAM roles, users and sessions, at most 100 of at most 2,048 characters,"
                + " without wildcards; or * for everybody there is. Default: none. Example:"
                + " [\"arn:aws:iam::444455556666:role/deployer\"]")
        @Size(max = 100)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @ValidationRule(
            value =
                "self.all(p, p == '*' ||"
                    + " p.matches('^arn:[a-z-]+:(iam::[0-9]{12}:(root|(role|user)/[!-)+->@-~]+)|"
                    + "sts::[0-9]{12}:(assumed-role|federated-user)/[!-)+->@-~]+)$'))",
            message =
                "principals are ARNs of IAM roles and users and of their sessions, without"
                    + " wildcards and white space: write each such as"
                    + " arn:aws:iam::444455556666:role/deployer, and whole accounts as accounts")
        @Nullable List<@Size(max = 2048) String> principals,
    @JsonPropertyDescription(
            "AWS Organizations, at most 100 ids: all of their accounts. Default: none. Example:"
                + " [o-abc1234567]")
        @Size(max = 100)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @ValidationRule(
            value = "self.all(o, o.matches('^o-[a-z0-9]{10,32}$'))",
            message = "organizations are ids of AWS Organizations: write each such as o-abc1234567")
        @Nullable List<@Size(max = 34) String> organizations,
    @JsonPropertyDescription(
            "AWS services, at most 100, each on behalf of given accounts or resources only."
                + " Default: none. Example: [{service: lambda.amazonaws.com, sourceAccounts:"
                + " [\"444455556666\"]}]")
        @Size(max = 100)
        @Nullable List<ServiceGrantSpec> services) {}
