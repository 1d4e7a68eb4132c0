package dev.ecroperator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaConstructor.CONSTRUCTOR_NAME;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.ecroperator.replication.merge.Registry;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of the house: who may know whom, and where the outside world is let in. */
@AnalyzeClasses(packages = "dev.ecroperator", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String WIRING = "dev.ecroperator";
  private static final String API = "dev.ecroperator.api..";
  private static final String AWS = "dev.ecroperator.aws..";
  private static final String CONVERGENCE = "dev.ecroperator.convergence..";
  private static final String JSON = "dev.ecroperator.json..";
  private static final String MERGE = "dev.ecroperator.replication.merge..";
  private static final String POLICY = "dev.ecroperator.policy..";
  private static final String PROGRESS = "dev.ecroperator.replication.progress..";
  private static final String TELEMETRY = "dev.ecroperator.telemetry..";

  /** The rooms that each hold one kind. */
  private static final List<String> KINDS = List.of("repository", "replication", "grant");

  @ArchTest
  static final ArchRule theAwsSdkIsSeenOnlyInAws =
      noClasses()
          .that()
          .resideOutsideOfPackage(AWS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..");

  @ArchTest
  static final ArchRule theOperatorSdkIsSeenOnlyInReconcilersAndWiring =
      noClasses()
          .that(
              not(
                  topLevelNameEndsWith("Reconciler")
                      .or(topLevelNameEndsWith("EventSource"))
                      .or(resideInAPackage(WIRING))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.javaoperatorsdk..");

  @ArchTest
  static final ArchRule convergenceDependsOnTheJdkAlone =
      classes()
          .that()
          .resideInAPackage(CONVERGENCE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(CONVERGENCE, "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule jsonDependsOnTheParserAlone =
      classes()
          .that()
          .resideInAPackage(JSON)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(JSON, "java..", "org.jspecify..", "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule convergenceHasNoEffects =
      noClasses()
          .that()
          .resideInAPackage(CONVERGENCE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..", "java.nio.file..", "java.net..", "java.sql..", "java.util.logging..");

  /** The rest of its room knows the cluster; no clock, no log and no client either. */
  @ArchTest
  static final ArchRule theMergeOfReplicationRulesIsPure =
      classes()
          .that()
          .resideInAPackage(MERGE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              MERGE,
              JSON,
              "java.lang..",
              "java.util..",
              "java.security..",
              "java.nio.charset..",
              "org.jspecify..");

  /** Of the merge it knows the name of a registry, and of the rest of its room nothing. */
  @ArchTest
  static final ArchRule theProgressOfReplicationIsMeasuredByItself =
      classes()
          .that()
          .resideInAPackage(PROGRESS)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      PROGRESS,
                      API,
                      CONVERGENCE,
                      "java.lang..",
                      "java.util..",
                      "java.time..",
                      "org.jspecify..")
                  .or(equivalentTo(Registry.class)));

  @ArchTest
  static final ArchRule kindsDoNotSeeEachOther =
      slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                  return KINDS.stream()
                      .filter(kind -> inRoom(javaClass, kind))
                      .findFirst()
                      .map(SliceIdentifier::of)
                      .orElseGet(SliceIdentifier::ignore);
                }

                @Override
                public String getDescription() {
                  return "the rooms of the kinds";
                }
              })
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule roomsFormNoCycles =
      slices().matching("dev.ecroperator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noRoomSeesTheWiring =
      noClasses()
          .that()
          .resideOutsideOfPackage(WIRING)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(WIRING);

  @ArchTest
  static final ArchRule onlyTheWiringAndTheEdgesMeetTheClusterRoom =
      noClasses()
          .that(not(topLevelNameEndsWith("Reconciler").or(resideInAPackage(WIRING))))
          .and()
          .resideOutsideOfPackages("dev.ecroperator.cluster..", "dev.ecroperator.leadership..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.ecroperator.cluster..");

  @ArchTest
  static final ArchRule theEnvironmentIsReadOnlyByOperatorConfig =
      noClasses()
          .that()
          .doNotHaveSimpleName("OperatorConfig")
          .should()
          .accessTargetWhere(refersTo(System.class, "getenv"));

  @ArchTest
  static final ArchRule theTimeIsReadOnlyFromAnInjectedClock =
      noClasses()
          .that()
          .resideOutsideOfPackage(WIRING)
          .should()
          .accessTargetWhere(
              refersTo(Clock.class, "system", "systemUTC", "systemDefaultZone", "tick.*")
                  .or(refersTo(System.class, "currentTimeMillis"))
                  .or(refersTo(InstantSource.class, "system"))
                  .or(refersTo(Date.class, CONSTRUCTOR_NAME))
                  .or(
                      noArguments(
                          Instant.class,
                          LocalDate.class,
                          LocalDateTime.class,
                          OffsetDateTime.class,
                          ZonedDateTime.class)));

  @ArchTest
  static final ArchRule nobodyPrintsButTheMainClass =
      noClasses()
          .that()
          .doNotHaveSimpleName("OperatorMain")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessTargetWhere(refersTo(Throwable.class, "printStackTrace"));

  @ArchTest
  static final ArchRule loggingGoesThroughSlf4j =
      noClasses()
          .that()
          .doNotHaveSimpleName("JdkWarnings")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.logging..");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Common\\w*)$");

  @ArchTest
  static final ArchRule theKernelPoliciesAndAwsDoNotSeeTheCluster =
      noClasses()
          .that()
          .resideInAnyPackage(CONVERGENCE, POLICY, AWS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8.kubernetes..", "io.javaoperatorsdk..");

  @ArchTest
  static final ArchRule metricsAreKeptInTelemetry =
      noClasses()
          .that(not(resideInAnyPackage(TELEMETRY, WIRING)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule theLoggingLibraryIsSetUpInTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage(TELEMETRY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..");

  @ArchTest
  static final ArchRule whatUsersWriteKnowsNoRoomButTheKernel =
      classes()
          .that()
          .resideInAPackage(API)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              API,
              CONVERGENCE,
              "java..",
              "org.jspecify..",
              "com.fasterxml.jackson..",
              "io.fabric8..");

  /** The production classes are analysed without the tests', so that a name is enough here. */
  @ArchTest
  static final ArchRule productionCodeDoesNotSeeSimulators =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.ecroperator.simulator..", "org.junit..", "org.assertj..", "com.tngtech..");

  private static boolean inRoom(JavaClass javaClass, String room) {
    String name = javaClass.getPackageName();
    return name.equals(WIRING + "." + room) || name.startsWith(WIRING + "." + room + ".");
  }

  private static <T> DescribedPredicate<T> not(DescribedPredicate<T> predicate) {
    return DescribedPredicate.not(predicate);
  }

  /** A class, or one nested in it: a reconciler may have records of its own. */
  private static DescribedPredicate<JavaClass> topLevelNameEndsWith(String suffix) {
    return DescribedPredicate.describe(
        "whose top-level class is named *" + suffix,
        javaClass -> simpleNameEndingWith(suffix).test(topLevel(javaClass)));
  }

  private static JavaClass topLevel(JavaClass javaClass) {
    JavaClass top = javaClass.getBaseComponentType();
    while (top.getEnclosingClass().isPresent()) {
      top = top.getEnclosingClass().get();
    }
    return top;
  }

  /** A call, or a reference such as {@code Instant::now}. */
  private static DescribedPredicate<JavaAccess<?>> refersTo(Class<?> owner, String... members) {
    Pattern names = Pattern.compile(String.join("|", members));
    return DescribedPredicate.describe(
        "refers to " + owner.getSimpleName() + "." + names,
        access ->
            access.getTargetOwner().isAssignableTo(owner)
                && names.matcher(access.getTarget().getName()).matches());
  }

  /** {@code now()} without a clock, called or referred to. */
  private static DescribedPredicate<JavaAccess<?>> noArguments(Class<?>... owners) {
    List<Class<?>> all = List.of(owners);
    return DescribedPredicate.describe(
        "refers to now() without a clock",
        access ->
            access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && target.getName().equals("now")
                && target.getRawParameterTypes().isEmpty()
                && all.stream().anyMatch(owner -> target.getOwner().isEquivalentTo(owner)));
  }
}
