package dev.ecroperator.iam;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * An operation of AWS that a class of the operator calls.
 *
 * @param caller the class's name without its package
 * @param action the operation as IAM names it
 */
record CalledOperation(String caller, String action) {
  /** IAM's prefix by client. A client that is not listed here fails the search. */
  private static final Map<Class<? extends SdkClient>, String> SERVICES =
      Map.of(EcrClient.class, "ecr", EcrPublicClient.class, "ecr-public", StsClient.class, "sts");

  /** What clients have that calls nothing. */
  private static final Set<String> NO_CALLS = Set.of("builder", "close");

  String operation() {
    return action.substring(action.indexOf(':') + 1);
  }

  /** All that the compiled code of the operator calls. */
  static Set<CalledOperation> all() {
    Set<CalledOperation> called = new HashSet<>();
    for (JavaClass caller :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ecroperator")) {
      Stream.concat(
              caller.getCodeUnitCallsFromSelf().stream(),
              caller.getCodeUnitReferencesFromSelf().stream())
          .map(JavaCodeUnitAccess::getTarget)
          .filter(target -> target.getOwner().isAssignableTo(SdkClient.class))
          .filter(target -> !NO_CALLS.contains(target.getName()))
          .forEach(target -> called.add(new CalledOperation(topLevel(caller), action(target))));
    }
    return called;
  }

  private static String topLevel(JavaClass caller) {
    return caller.getEnclosingClass().map(CalledOperation::topLevel).orElse(caller.getSimpleName());
  }

  /** A method is an operation where the SDK has a request of that name. */
  private static String action(AccessTarget.CodeUnitAccessTarget target) {
    Class<?> client = target.getOwner().reflect();
    String service = SERVICES.get(client);
    String method = target.getName().replaceFirst("Paginator$", "");
    String operation = method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1);
    try {
      Class.forName(client.getPackageName() + ".model." + operation + "Request");
    } catch (ClassNotFoundException e) {
      throw new AssertionError("what does " + target.getFullName() + " call?", e);
    }
    if (service == null) {
      throw new AssertionError("no policy knows the service of " + target.getFullName());
    }
    return service + ":" + operation;
  }
}
