package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.EffectiveSettings;
import dev.ecroperator.api.EncryptionSpec;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real API server accepts and refuses of the kind Repository. */
class RepositorySchemaIT {

  private static final AtomicInteger COUNT = new AtomicInteger();

  @RegisterExtension private static final KindOnApiServer API = new KindOnApiServer("Repository");

  // ---------------------------------------------------------------- what is accepted

  static Stream<String> accepted() {
    return Stream.of(
        "{}",
        "{suspend: false}",
        "{visibility: Private}",
        "{visibility: Public}",
        "{name: ab}",
        "{name: payments/api}",
        "{name: a.b_c__d-e---f/g}",
        "{name: %s}".formatted("n".repeat(256)),
        "{visibility: Public, name: payments/s.d_k-1}",
        "{visibility: Public, name: %s}".formatted("n".repeat(205)),
        "{registry: {}}",
        "{registry: {accountId: '111122223333'}}",
        "{registry: {region: eu-west-1}}",
        "{registry: {accountId: '111122223333', region: us-gov-west-1}}",
        "{registry: {region: ap-southeast-5}}",
        "{registry: {region: eu-isoe-west-1}}",
        "{visibility: Public, registry: {accountId: '111122223333'}}",
        "{imageTagMutability: {mode: MUTABLE}}",
        "{imageTagMutability: {mode: IMMUTABLE}}",
        "{imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: [v]}}",
        "{imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest, 'dev-*',"
            + " '*-*', 'a_b.C', %s]}}".formatted("f".repeat(128)),
        "{encryption: {type: AES256}}",
        "{encryption: {type: KMS}}",
        "{encryption: {type: KMS, kmsKey: alias/ecr}}",
        "{encryption: {type: KMS_DSSE, kmsKey: %s}}".formatted("k".repeat(2048)),
        "{scanning: {scanOnPush: true}}",
        "{scanning: {scanOnPush: false}}",
        "{lifecyclePolicy: {}}",
        "{lifecyclePolicy: {rules: []}}",
        "{lifecyclePolicy: {json: ''}}",
        "{lifecyclePolicy: {json: '%s'}}".formatted("x".repeat(30720)),
        rules("rulePriority: 1, " + UNTAGGED + EXPIRE),
        rules("rulePriority: 2147483647, " + UNTAGGED + EXPIRE),
        rules(
            "rulePriority: 1, selection: {tagStatus: tagged, tagPatternList: ['a*b*c*d*e'],"
                + " countType: imageCountMoreThan, countNumber: 1}, "
                + EXPIRE),
        rules(
            "rulePriority: 1, selection: {tagStatus: tagged, tagPrefixList: [release],"
                + " countType: sinceImagePushed, countUnit: days, countNumber: 1}, "
                + EXPIRE),
        rules(
            "rulePriority: 1, selection: {tagStatus: any, storageClass: archive, countType:"
                + " sinceImageTransitioned, countUnit: days, countNumber: 90}, "
                + EXPIRE),
        rules(
            "rulePriority: 1, selection: {tagStatus: any, storageClass: standard, countType:"
                + " sinceImagePulled, countUnit: days, countNumber: 1}, action: {type: transition,"
                + " targetStorageClass: archive}"),
        // One `any`, and one `untagged`, for each storage class.
        rules(
            "rulePriority: 9, " + any("standard") + EXPIRE,
            "rulePriority: 1, " + any("archive") + EXPIRE,
            "rulePriority: 2, " + UNTAGGED + EXPIRE),
        rules(
            "rulePriority: 1, " + UNTAGGED + EXPIRE,
            "rulePriority: 2, selection: {tagStatus: untagged, storageClass: archive, countType:"
                + " sinceImageTransitioned, countUnit: days, countNumber: 90}, "
                + EXPIRE),
        rules(manyRules(50)),
        "{accessPolicy: {}}",
        "{accessPolicy: {json: ''}}",
        "{accessPolicy: {json: '%s'}}".formatted("x".repeat(10240)),
        "{accessPolicy: {pull: {}, push: {}}}",
        "{accessPolicy: {pull: {accounts: ['444455556666'], principals:"
            + " ['arn:aws:iam::444455556666:role/deployer', '*'], organizations: [o-abc1234567]}}}",
        "{accessPolicy: {pull: {principals: ['arn:aws:iam::444455556666:root',"
            + " 'arn:aws-cn:iam::444455556666:user/path/Me+you=@us,_.-',"
            + " 'arn:aws:sts::444455556666:assumed-role/a/b',"
            + " 'arn:aws:sts::444455556666:federated-user/me']}}}",
        "{accessPolicy: {pull: {accounts: [%s]}}}".formatted(accounts(100)),
        "{accessPolicy: {pull: {services: [{service: lambda.amazonaws.com, sourceAccounts:"
            + " ['444455556666']}]}}}",
        "{accessPolicy: {push: {services: [{service: codebuild.amazonaws.com.cn, sourceArns:"
            + " ['arn:aws:lambda:eu-west-1:444455556666:function:*']}]}}}",
        // What is repeated here counts once: to refuse it costs more than the API server lets.
        "{accessPolicy: {push: {services: [{service: s3.amazonaws.com, sourceArns:"
            + " ['arn:aws:s3:::a', 'arn:aws:s3:::a']}]}}}",
        rules(
            "rulePriority: 1, selection: {tagStatus: tagged, tagPatternList: [a, a], countType:"
                + " imageCountMoreThan, countNumber: 1}, "
                + EXPIRE),
        "{visibility: Public, accessPolicy: {push: {accounts: ['444455556666']}}}",
        "{visibility: Public, accessPolicy: {json: '{}'}}",
        "{visibility: Public, catalog: {}}",
        "{visibility: Public, catalog: {description: %s, aboutText: %s, usageText: %s}}"
            .formatted("d".repeat(1024), "a".repeat(25600), "u".repeat(25600)),
        "{visibility: Public, catalog: {architectures: [x86-64, ARM 64], operatingSystems:"
            + " [Linux]}}",
        "{tags: {}}",
        "{tags: {team: payments, 'a b/c:d+e=f@g.h_i-j': ''}}",
        "{tags: {awsome: 'yes', %s: %s}}".formatted("k".repeat(128), "v".repeat(256)),
        "{tags: %s}".formatted(tags(49)),
        "{adoption: Never}",
        "{adoption: IfExists}",
        "{takeOverFrom: ''}",
        "{takeOverFrom: %s}".formatted("o".repeat(256)),
        "{deletionPolicy: Retain}",
        "{deletionPolicy: Delete}",
        "{deletionPolicy: ForceDelete}",
        "{management: Full}",
        "{management: ObserveOnly}",
        "{suspend: true}");
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void isAcceptedAndStoredAsItIs(String spec) {
    var stored = API.resource("accepted", spec).dryRun().create();

    // Nothing is filled in and nothing is dropped, so that GitOps tools see no difference.
    assertThat(stored.getAdditionalProperties().get("spec"))
        .isEqualTo(API.object("accepted", spec).getAdditionalProperties().get("spec"));
  }

  // ---------------------------------------------------------------- what is refused

  private static final String WORDS_OF_MUTABILITY =
      "supported values: \"MUTABLE\", \"IMMUTABLE\", \"MUTABLE_WITH_EXCLUSION\","
          + " \"IMMUTABLE_WITH_EXCLUSION\"";

  static Stream<Arguments> refused() {
    return Stream.of(
        // name
        refused("{name: x}", "spec.name", "should be at least 2 chars long"),
        refused("{name: %s}".formatted("n".repeat(257)), "spec.name", "may not be more than 256"),
        refused("{name: Payments}", "spec.name", "lower-case letters and digits"),
        refused("{name: a//b}", "spec.name", "write it such as payments/api"),
        refused("{name: /ab}", "spec.name", "write it such as payments/api"),
        refused("{name: ab-}", "spec.name", "write it such as payments/api"),
        refused("{name: a..b}", "spec.name", "write it such as payments/api"),
        refused("{name: a___b}", "spec.name", "write it such as payments/api"),
        refused("{visibility: Public, name: a--b}", "spec.name", "such as payments/sdk"),
        refused("{visibility: Public, name: a__b}", "spec.name", "such as payments/sdk"),
        refused(
            "{visibility: Public, name: %s}".formatted("n".repeat(206)),
            "spec.name",
            "at most 205 characters"),
        // visibility and what goes with it
        refused("{visibility: public}", "spec.visibility", "\"Private\", \"Public\""),
        refused("{registry: {accountId: '1111'}}", "spec.registry.accountId", "12 digits in quot"),
        refused("{registry: {accountId: 111122223333}}", "spec.registry.accountId", "string"),
        refused("{registry: {region: Ireland}}", "spec.registry.region", "such as eu-west-1"),
        refused(
            "{registry: {region: %s-1}}".formatted("a-".repeat(12) + "a"),
            "spec.registry.region",
            "may not be more than 25"),
        refused(
            "{visibility: Public, registry: {region: us-east-1}}",
            "spec.registry.region",
            "remove it or set visibility: Private"),
        refused(
            "{visibility: Public, imageTagMutability: {mode: MUTABLE}}",
            "spec.imageTagMutability",
            "private repositories only: remove it or set visibility: Private"),
        refused(
            "{visibility: Public, encryption: {type: AES256}}",
            "spec.encryption",
            "private repositories only"),
        refused(
            "{visibility: Public, scanning: {scanOnPush: true}}",
            "spec.scanning",
            "private repositories only"),
        refused(
            "{visibility: Public, lifecyclePolicy: {}}",
            "spec.lifecyclePolicy",
            "private repositories only"),
        refused("{catalog: {}}", "spec.catalog", "remove it or set visibility: Public"),
        refused(
            "{visibility: Private, catalog: {description: x}}",
            "spec.catalog",
            "remove it or set visibility: Public"),
        refused(
            "{visibility: Public, accessPolicy: {pull: {}}}",
            "spec.accessPolicy.pull",
            "remove accessPolicy.pull"),
        // mutability
        refused("{imageTagMutability: {}}", "spec.imageTagMutability.mode", "Required value"),
        refused(
            "{imageTagMutability: {mode: Immutable}}",
            "spec.imageTagMutability.mode",
            WORDS_OF_MUTABILITY),
        refused(
            "{imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION}}",
            "spec.imageTagMutability.exclusionFilters",
            "add them, remove them or change the mode"),
        refused(
            "{imageTagMutability: {mode: MUTABLE, exclusionFilters: [latest]}}",
            "spec.imageTagMutability.exclusionFilters",
            "add them, remove them or change the mode"),
        exclusion("[]", "should have at least 1 items"),
        exclusion("[a, b, c, d, e, f]", "must have at most 5 items"),
        exclusion("[a, a]", "write each once"),
        exclusion("['']", "should be at least 1 chars long"),
        exclusion("[%s]".formatted("f".repeat(129)), "may not be more than 128"),
        exclusion("['a/b']", "letters, digits, . _ - and *"),
        exclusion("['*a*b*']", "at most two *"),
        // encryption
        refused("{encryption: {}}", "spec.encryption.type", "Required value"),
        refused("{encryption: {type: kms}}", "spec.encryption.type", "\"KMS\", \"KMS_DSSE\""),
        refused("{encryption: {kmsKey: a}}", "spec.encryption.type", "Required value"),
        refused(
            "{encryption: {type: AES256, kmsKey: alias/ecr}}",
            "spec.encryption.kmsKey",
            "remove it or change the type"),
        refused("{encryption: {type: KMS, kmsKey: ''}}", "spec.encryption.kmsKey", "at least 1"),
        refused(
            "{encryption: {type: KMS, kmsKey: %s}}".formatted("k".repeat(2049)),
            "spec.encryption.kmsKey",
            "may not be more than 2048"),
        // scanning
        refused("{scanning: {}}", "spec.scanning.scanOnPush", "Required value"),
        refused("{scanning: {scanOnPush: 'yes'}}", "spec.scanning.scanOnPush", "boolean"),
        // lifecycle
        refused(
            "{lifecyclePolicy: {rules: [], json: ''}}", "spec.lifecyclePolicy", "keep one of them"),
        refused(
            "{lifecyclePolicy: {json: '%s'}}".formatted("x".repeat(30721)),
            "spec.lifecyclePolicy.json",
            "may not be more than 30720"),
        refusedRules("must have at most 50 items", manyRules(51)),
        refusedRules("Required value", UNTAGGED + EXPIRE),
        refusedRules("Required value", "rulePriority: 1, " + EXPIRE),
        refusedRules("Required value", "rulePriority: 1, " + UNTAGGED),
        refusedRules("greater than or equal to 1", "rulePriority: 0, " + UNTAGGED + EXPIRE),
        refusedRules("2147483647", "rulePriority: 2147483648, " + UNTAGGED + EXPIRE),
        refusedRules("integer", "rulePriority: 1.5, " + UNTAGGED + EXPIRE),
        refusedRules(
            "Duplicate value",
            "rulePriority: 1, " + UNTAGGED + EXPIRE,
            "rulePriority: 1, " + any("standard") + EXPIRE),
        refusedRules(
            "may not be more than 1024",
            "rulePriority: 1, description: %s, ".formatted("d".repeat(1025)) + UNTAGGED + EXPIRE),
        selection("tagStatus: all, countType: imageCountMoreThan, countNumber: 1", "\"untagged\""),
        selection("countType: imageCountMoreThan, countNumber: 1", "Required value"),
        selection("tagStatus: any, countNumber: 1", "Required value"),
        selection("tagStatus: any, countType: imageCountMoreThan", "Required value"),
        selection(
            "tagStatus: any, countType: imageCountMoreThan, countNumber: 0",
            "greater than or equal to 1"),
        selection(
            "tagStatus: any, countType: imageCount, countNumber: 1", "\"imageCountMoreThan\""),
        selection(
            "tagStatus: tagged, countType: imageCountMoreThan, countNumber: 1",
            "exactly one of tagPatternList and tagPrefixList"),
        selection(
            "tagStatus: tagged, tagPatternList: [a], tagPrefixList: [a], countType:"
                + " imageCountMoreThan, countNumber: 1",
            "exactly one of tagPatternList and tagPrefixList"),
        selection(
            "tagStatus: any, tagPrefixList: [a], countType: imageCountMoreThan, countNumber: 1",
            "remove them or set tagStatus: tagged"),
        selection(
            "tagStatus: untagged, tagPatternList: [a], countType: imageCountMoreThan, countNumber:"
                + " 1",
            "remove them or set tagStatus: tagged"),
        selection(
            "tagStatus: tagged, tagPatternList: [], countType: imageCountMoreThan, countNumber: 1",
            "at least 1 items"),
        selection(
            "tagStatus: tagged, tagPatternList: ['*a*b*c*d*'], countType: imageCountMoreThan,"
                + " countNumber: 1",
            "at most four *"),
        selection(
            "tagStatus: tagged, tagPatternList: [%s], countType: imageCountMoreThan, countNumber: 1"
                .formatted("p".repeat(129)),
            "may not be more than 128"),
        selection(
            "tagStatus: tagged, tagPrefixList: [%s], countType: imageCountMoreThan, countNumber: 1"
                .formatted(numbers("p", 101)),
            "at most 100 items"),
        selection(
            "tagStatus: any, countType: sinceImagePushed, countNumber: 1", "add countUnit: days"),
        selection(
            "tagStatus: any, countType: imageCountMoreThan, countUnit: days, countNumber: 1",
            "add countUnit: days or remove it"),
        selection(
            "tagStatus: any, countType: sinceImagePushed, countUnit: hours, countNumber: 1",
            "\"days\""),
        selection(
            "tagStatus: any, storageClass: archive, countType: sinceImagePushed, countUnit: days,"
                + " countNumber: 1",
            "set both or neither"),
        selection(
            "tagStatus: any, countType: sinceImageTransitioned, countUnit: days, countNumber: 1",
            "set both or neither"),
        selection(
            "tagStatus: any, storageClass: cold, countType: imageCountMoreThan, countNumber: 1",
            "\"archive\""),
        selection(
            "tagStatus: any, storageClass: archive, countType: sinceImageTransitioned, countUnit:"
                + " days, countNumber: 89",
            "set countNumber to 90 or more"),
        refusedRules(
            "set action type: transition",
            "rulePriority: 1, selection: {tagStatus: any, countType: sinceImagePulled, countUnit:"
                + " days, countNumber: 180}, "
                + EXPIRE),
        refusedRules(
            "set action type: expire",
            "rulePriority: 1, "
                + any("archive")
                + "action: {type: transition, targetStorageClass: archive}"),
        refusedRules(
            "give it the highest rulePriority",
            "rulePriority: 1, " + any("standard") + EXPIRE,
            "rulePriority: 2, " + UNTAGGED + EXPIRE),
        refusedRules(
            "give it the highest rulePriority",
            "rulePriority: 1, " + any("standard") + EXPIRE,
            "rulePriority: 2, " + any("standard") + EXPIRE),
        refusedRules(
            "merge them into one",
            "rulePriority: 1, " + UNTAGGED + EXPIRE,
            "rulePriority: 2, " + UNTAGGED + EXPIRE),
        refusedRules(
            "add targetStorageClass: archive",
            "rulePriority: 1, " + UNTAGGED + "action: {type: transition}"),
        refusedRules(
            "or remove it",
            "rulePriority: 1, " + UNTAGGED + "action: {type: expire, targetStorageClass: archive}"),
        refusedRules(
            "supported values: \"archive\"",
            "rulePriority: 1, "
                + UNTAGGED
                + "action: {type: transition, targetStorageClass: standard}"),
        refusedRules(
            "\"expire\", \"transition\"",
            "rulePriority: 1, " + UNTAGGED + "action: {type: delete}"),
        refusedRules("Required value", "rulePriority: 1, " + UNTAGGED + "action: {}"),
        // access
        refused(
            "{accessPolicy: {json: '', pull: {}}}",
            "spec.accessPolicy",
            "keep either json or pull and push"),
        refused(
            "{accessPolicy: {json: '{}', push: {}}}",
            "spec.accessPolicy",
            "keep either json or pull and push"),
        refused(
            "{accessPolicy: {json: '%s'}}".formatted("x".repeat(10241)),
            "spec.accessPolicy.json",
            "may not be more than 10240"),
        pull("accounts: ['44445555666']", "12 digits of each in quotes"),
        pull("accounts: [444455556666]", "string"),
        pull("accounts: ['444455556666', '444455556666']", "write each once"),
        pull("principals: ['*', '*']", "write each once"),
        pull("organizations: [o-abc1234567, o-abc1234567]", "write each once"),
        pull(
            "services: [{service: lambda.amazonaws.com, sourceAccounts: ['444455556666',"
                + " '444455556666']}]",
            "write each once"),
        pull("accounts: [%s]".formatted(accounts(101)), "must have at most 100 items"),
        pull("principals: [deployer]", "arn:aws:iam::444455556666:role/deployer"),
        pull("principals: ['arn:aws:iam::444455556666:role/*']", "without wildcards"),
        pull("principals: ['arn:aws:s3:::bucket']", "ARNs of IAM"),
        pull("principals: ['arn:aws:iam::444455556666:group/a']", "ARNs of IAM roles and users"),
        pull("principals: ['arn:aws:iam::444455556666:policy/a']", "ARNs of IAM roles and users"),
        pull("principals: ['arn:aws:iam::444455556666:oidc-provider/a']", "ARNs of IAM roles"),
        pull("principals: ['arn:aws:iam::444455556666:instance-profile/a']", "ARNs of IAM roles"),
        pull("principals: ['arn:aws:sts::444455556666:role/a']", "ARNs of IAM roles and users"),
        pull("principals: ['arn:aws:iam::444455556666:role/a ']", "white space"),
        pull("principals: [\"arn:aws:iam::444455556666:role/a\\u00a0\"]", "white space"),
        pull("principals: ['arn:%s']".formatted("p".repeat(2045)), "may not be more than 2048"),
        pull("principals: [%s]".formatted(numbers("arn:", 101)), "must have at most 100 items"),
        pull("organizations: [abc1234567]", "such as o-abc1234567"),
        pull("organizations: [%s]".formatted(numbers("o-", 101)), "must have at most 100 items"),
        pull("services: [{sourceAccounts: ['444455556666']}]", "Required value"),
        pull("services: [{service: lambda.amazonaws.com}]", "give sourceAccounts or sourceArns"),
        pull(
            "services: [{service: lambda.amazonaws.com, sourceAccounts: [], sourceArns: []}]",
            "give sourceAccounts or sourceArns"),
        pull(
            "services: [{service: lambda, sourceAccounts: ['444455556666']}]",
            "such as lambda.amazonaws.com"),
        pull(
            "services: [{service: lambda.amazonaws.com, sourceAccounts: ['4']}]",
            "12 digits of each in quotes"),
        pull(
            "services: [{service: lambda.amazonaws.com, sourceArns: ['*']}]",
            "sourceArns are ARNs"),
        // catalog
        catalog("description: %s".formatted("d".repeat(1025)), "may not be more than 1024"),
        catalog("aboutText: %s".formatted("d".repeat(25601)), "may not be more than 25600"),
        catalog("usageText: %s".formatted("d".repeat(25601)), "may not be more than 25600"),
        catalog("architectures: [%s]".formatted(numbers("a", 51)), "must have at most 50 items"),
        catalog("operatingSystems: [%s]".formatted(numbers("a", 51)), "at most 50 items"),
        catalog("operatingSystems: [%s]".formatted("a".repeat(51)), "may not be more than 50"),
        catalog("architectures: [ARM 64, ARM 64]", "write each once"),
        catalog("operatingSystems: [Linux, Linux]", "write each once"),
        // tags
        refused("{tags: %s}".formatted(tags(50)), "spec.tags", "must have at most 49 items"),
        refused("{tags: {'': x}}", "spec.tags", "1 to 128 characters"),
        refused("{tags: {%s: x}}".formatted("k".repeat(129)), "spec.tags", "1 to 128 characters"),
        refused("{tags: {a: %s}}".formatted("v".repeat(257)), "spec.tags.a", "more than 256"),
        refused("{tags: {a: 4711}}", "spec.tags.a", "string"),
        refused("{tags: {'aws:a': x}}", "spec.tags", "choose another key"),
        refused("{tags: {'AwS:a': x}}", "spec.tags", "choose another key"),
        refused("{tags: {ecroperator.dev/owner: x}}", "spec.tags", "choose another key"),
        refused("{tags: {EcrOperator.dev/x: y}}", "spec.tags", "choose another key"),
        // the object's life
        refused("{adoption: Always}", "spec.adoption", "\"Never\", \"IfExists\""),
        refused(
            "{takeOverFrom: %s}".formatted("o".repeat(257)),
            "spec.takeOverFrom",
            "may not be more than 256"),
        refused(
            "{deletionPolicy: Orphan}",
            "spec.deletionPolicy",
            "\"Retain\", \"Delete\", \"ForceDelete\""),
        refused("{management: Observe}", "spec.management", "\"Full\", \"ObserveOnly\""),
        refused("{suspend: 'true'}", "spec.suspend", "boolean"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedWithWhatToDo(String spec, String field, String message) {
    assertThatThrownBy(() -> API.resource("refused", spec).dryRun().create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(message);
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("n".repeat(155), "{}", null),
        arguments("n".repeat(156), "{}", "choose a shorter one"),
        arguments("n".repeat(156), "{name: ab}", "choose a shorter one"),
        arguments("x", "{name: ab}", null),
        arguments("x", "{}", "give the repository's name in spec.name"),
        arguments("a--b.c", "{}", null),
        arguments("a-b.c", "{visibility: Public}", null),
        arguments("a--b", "{visibility: Public}", "give the repository's name in spec.name"),
        arguments("a--b", "{visibility: Public, name: a-b}", null));
  }

  @ParameterizedTest
  @MethodSource("names")
  void metadataNameFitsOwnerTagAndRepository(String name, String spec, @Nullable String message) {
    var resource = API.resource(name, spec).dryRun();
    if (message == null) {
      resource.create();
    } else {
      assertThatThrownBy(resource::create)
          .hasMessageContaining(message)
          .hasMessageContaining("spec.name");
    }
  }

  // ---------------------------------------------------------------- what may change

  static Stream<Arguments> changes() {
    var name = "name is immutable, and can neither be added nor removed later";
    var visibility = "visibility is immutable";
    var registry = "registry is immutable, and can neither be added nor removed later";
    return Stream.of(
        arguments("{name: ab, suspend: true}", "{name: ab}", null),
        arguments("{name: ab}", "{name: cd}", name),
        arguments("{name: ab}", "{}", name),
        arguments("{}", "{name: ab}", name),
        arguments("{}", "{visibility: Private}", null),
        arguments("{visibility: Private}", "{}", null),
        arguments("{}", "{visibility: Public}", visibility),
        arguments("{visibility: Private}", "{visibility: Public}", visibility),
        arguments("{visibility: Public}", "{visibility: Private}", visibility),
        arguments("{visibility: Public}", "{}", visibility),
        arguments("{}", "{registry: {}}", registry),
        arguments("{registry: {region: eu-west-1}}", "{}", registry),
        arguments("{}", "{registry: {region: eu-west-1}}", registry),
        arguments("{registry: {region: eu-west-1}}", "{registry: {region: eu-west-2}}", registry),
        arguments(
            "{registry: {region: eu-west-1}}",
            "{registry: {region: eu-west-1, accountId: '111122223333'}}",
            registry),
        arguments(
            "{registry: {accountId: '111122223333'}}",
            "{registry: {accountId: '444455556666'}}",
            registry),
        arguments(
            "{registry: {accountId: '111122223333', region: eu-west-1}}",
            "{registry: {accountId: '111122223333', region: eu-west-1}, suspend: true}",
            null),
        // Encryption is judged against what AWS has, by the operator: putting it back heals.
        arguments("{encryption: {type: KMS}}", "{encryption: {type: AES256}}", null),
        arguments("{tags: {a: b}}", "{}", null),
        arguments("{suspend: true}", null, "spec: Required value"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void onlyWhatIsMutableChanges(String before, @Nullable String after, @Nullable String message) {
    var name = "change-" + COUNT.incrementAndGet();
    API.resource(name, before).create();
    var changed = API.object(name, after == null ? "{}" : after);
    if (after == null) {
      changed.getAdditionalProperties().remove("spec");
    }
    var update = API.client().resource(changed);
    if (message == null) {
      update.update();
    } else {
      assertThatThrownBy(update::update)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining(message);
    }
  }

  /** A spec with each of the lists of values, what Git says in it, and what somebody else adds. */
  static Stream<Arguments> lists() {
    var service = "{accessPolicy: {push: {services: [{service: lambda.amazonaws.com, %s}]}}}";
    var rule =
        rules(
            "rulePriority: 1, selection: {tagStatus: tagged, %s: [%%s], countType:"
                + " imageCountMoreThan, countNumber: 1}, "
                + EXPIRE);
    return Stream.of(
        arguments(
            "{imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [%s]}}",
            "latest", "'*'"),
        arguments("{accessPolicy: {pull: {accounts: [%s]}}}", "'111122223333'", "'444455556666'"),
        arguments(
            "{accessPolicy: {push: {principals: [%s]}}}",
            "'arn:aws:iam::111122223333:role/ci'", "'arn:aws:iam::444455556666:role/ci'"),
        arguments("{accessPolicy: {pull: {organizations: [%s]}}}", "o-abc1234567", "o-def1234567"),
        arguments(service.formatted("sourceAccounts: [%s]"), "'111122223333'", "'444455556666'"),
        arguments(service.formatted("sourceArns: [%s]"), "'arn:aws:s3:::a'", "'arn:aws:s3:::b'"),
        arguments(rule.formatted("tagPatternList"), "'a*'", "'b*'"),
        arguments(rule.formatted("tagPrefixList"), "a", "b"),
        arguments("{visibility: Public, catalog: {architectures: [%s]}}", "ARM 64", "x86-64"),
        arguments("{visibility: Public, catalog: {operatingSystems: [%s]}}", "Linux", "Windows"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void whatSomebodyAddsToAListGoesWithTheNextServerSideApplyFromGit(
      String spec, String ours, String theirs) {
    var name = "list-" + COUNT.incrementAndGet();
    var git = API.resource(name, spec.formatted(ours)).fieldManager("git").forceConflicts();
    git.serverSideApply();
    var added = API.resource(name, spec.formatted(ours + ", " + theirs));

    for (var way :
        List.<Runnable>of(
            added.fieldManager("somebody").forceConflicts()::serverSideApply, added::update)) {
      way.run();
      git.serverSideApply();
      var stored = API.client().resource(API.object(name, "{}")).get();
      assertThat(stored.<Object>get("spec"))
          .isEqualTo(API.object(name, spec.formatted(ours)).get("spec"));
    }
  }

  @Test
  void aPatchThatDropsSpecIsRefused() {
    var resource = API.resource("drops-spec", "{suspend: true}");
    resource.create();

    assertThatThrownBy(
            () -> resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": null}"))
        .hasMessageContaining("spec: Required value");
  }

  @Test
  void anObjectWithoutSpecIsRefused() {
    var object = API.object("no-spec", "{}");
    object.getAdditionalProperties().remove("spec");

    assertThatThrownBy(() -> API.client().resource(object).create())
        .hasMessageContaining("spec: Required value");
  }

  // ---------------------------------------------------------------- status

  @Test
  void anObjectThatNobodyHasLookedAtYetSaysSo() {
    API.resource("unseen", "{}").create();

    var status = API.client().resources(Repository.class).withName("unseen").get().getStatus();
    assertThat(status.observedGeneration()).isEqualTo(-1);
  }

  @Test
  void theOperatorWritesStatusAndNothingOfSpec() {
    API.resource("reported", "{visibility: Private, lifecyclePolicy: {rules: []}}").create();
    var reported = API.client().resources(Repository.class).withName("reported").get();
    reported.setStatus(status(3L));
    API.client().resource(reported).updateStatus();

    var stored = API.client().resources(Repository.class).withName("reported").get();
    assertThat(stored.getStatus()).isEqualTo(status(3L));
    assertThat(stored.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(stored.getSpec().lifecyclePolicy()).isNotNull();
    assertThat(API.server().kubectl("get", "ecrrepo", "reported").output())
        .containsPattern("NAME +READY +REASON +URI +AGE")
        .containsPattern("reported +True +InSync +example.com/reported +");
    assertThat(API.server().kubectl("get", "ecr", "-o", "wide").output())
        .containsPattern(
            "NAME +READY +REASON +URI +VISIBILITY +REGION +MUTABILITY +SCAN +ENCRYPTION +AGE");
  }

  @Test
  void statusTakesWhatAwsMaySayOneDay() {
    API.resource("future", "{}").create();
    var status =
        Map.of(
            "status",
            Map.of(
                "effective",
                Map.of(
                    "imageTagMutability",
                    Map.of("mode", "HALF_MUTABLE", "exclusionFilters", List.of("a/b", "a/b")),
                    "encryption",
                    Map.of("type", "AES512", "kmsKey", "k"))));

    API.client()
        .resources(Repository.class)
        .withName("future")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            API.client().getKubernetesSerialization().asJson(status));

    var stored = API.client().resources(Repository.class).withName("future").get().getStatus();
    assertThat(stored.effective())
        .isNotNull()
        .extracting(EffectiveSettings::encryption)
        .isEqualTo(new EncryptionSpec("AES512", "k"));
  }

  // ---------------------------------------------------------------- helpers

  private static final String UNTAGGED =
      "selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber:"
          + " 7}, ";
  private static final String EXPIRE = "action: {type: expire}";

  private static String any(String storageClass) {
    return storageClass.equals("archive")
        ? "selection: {tagStatus: any, storageClass: archive, countType: sinceImageTransitioned,"
            + " countUnit: days, countNumber: 90}, "
        : "selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 7}, ";
  }

  private static String rules(String... rules) {
    return "{lifecyclePolicy: {rules: [{" + String.join("}, {", rules) + "}]}}";
  }

  private static String[] manyRules(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            i ->
                "rulePriority: "
                    + i
                    + ", selection: {tagStatus: tagged, tagPrefixList: [a], countType:"
                    + " imageCountMoreThan, countNumber: 1}, "
                    + EXPIRE)
        .toArray(String[]::new);
  }

  private static Arguments refused(String spec, String field, String message) {
    return arguments(spec, field, message);
  }

  private static Arguments refusedRules(String message, String... rules) {
    return refused(rules(rules), "spec.lifecyclePolicy.rules", message);
  }

  private static Arguments selection(String selection, String message) {
    return refusedRules(message, "rulePriority: 1, selection: {" + selection + "}, " + EXPIRE);
  }

  private static Arguments exclusion(String filters, String message) {
    return refused(
        "{imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: " + filters + "}}",
        "spec.imageTagMutability.exclusionFilters",
        message);
  }

  private static Arguments pull(String grant, String message) {
    return refused("{accessPolicy: {pull: {" + grant + "}}}", "spec.accessPolicy.pull", message);
  }

  private static Arguments catalog(String catalog, String message) {
    return refused("{visibility: Public, catalog: {" + catalog + "}}", "spec.catalog", message);
  }

  private static String numbers(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'%s%010d'".formatted(prefix, i))
        .collect(Collectors.joining(", "));
  }

  private static String accounts(int count) {
    return IntStream.range(0, count)
        .mapToObj("'%012d'"::formatted)
        .collect(Collectors.joining(", "));
  }

  private static String tags(int count) {
    return IntStream.range(0, count)
        .mapToObj("key%d: value"::formatted)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static RepositoryStatus status(long generation) {
    var ready =
        new Condition("Ready", "True", "InSync", "as declared", generation, "2026-11-01T12:00:00Z");
    return new RepositoryStatus(
        generation,
        List.of(ready),
        "reported",
        "Private",
        null,
        "example.com/reported",
        null,
        "eu-west-1",
        "Created",
        null,
        List.of("tags/team"),
        null,
        null,
        null);
  }
}
