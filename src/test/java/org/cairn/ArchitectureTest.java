package org.cairn;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.quarkus.scheduler.Scheduled;
import jakarta.persistence.Entity;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the walls and floors of the house (design.md, section 4). */
class ArchitectureTest {

  private static final String ROOT = "org.cairn";

  /**
   * From the ground up: a floor uses only those below it, and rooms of one floor do not use each
   * other.
   */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("platform"),
          List.of("storage", "api", "embedded"),
          List.of("access", "job", "record"),
          List.of("project", "artifact"),
          List.of("tensor", "dataset", "recipe", "xet"),
          List.of("run"),
          List.of("checkpoint"),
          List.of("hub", "trajectory", "recovery"),
          List.of("importer"),
          List.of("release", "study"),
          List.of("standard", "provenance"));

  /**
   * The command line is a client of the HTTP interface: of the service it knows only digests, names
   * and JSON.
   */
  private static final String CLIENT = "cli";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  static Stream<ArchRule> rules() {
    return Stream.of(
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles(),
        floors(),
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + CLIENT + "..")
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..")
                    .and(not(resideInAPackage(ROOT + "." + CLIENT + "..")))
                    .and(not(resideInAPackage(ROOT + ".platform..")))),
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + CLIENT + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.hibernate.."),
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".storage.s3..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.minio..", "okhttp3.."),
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.gaul..", "io.zonky.."),
        noClasses()
            .that(not(simpleNameEndingWith("Resource")))
            .and(not(simpleNameEndingWith("Delivery")))
            .and()
            .resideOutsideOfPackage(ROOT + ".api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs.."),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Resource")
            .should()
            .dependOnClassesThat()
            .areAnnotatedWith(Entity.class),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Resource")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*(Repository|Queries)"),
        methods()
            .that()
            .areAnnotatedWith(Transactional.class)
            .should()
            .beDeclaredInClassesThat()
            .haveNameMatching(".*Service|.*\\.api\\.Idempotency"),
        methods()
            .that()
            .areAnnotatedWith(Scheduled.class)
            .should()
            .beDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Job"),
        classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate(),
        noClasses().should().callMethod(Instant.class, "now"),
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION,
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS,
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  @Test
  void onlyTheCommandLineAndTheStartMessageWriteToStandardStreams() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        CLASSES.that(
            not(resideInAPackage(ROOT + "." + CLIENT + ".."))
                .and(not(resideInAPackage(ROOT + ".embedded..")))));
  }

  @Test
  void everyPackageHasAFloor() {
    var rooms = FLOORS.stream().flatMap(List::stream).collect(Collectors.toSet());
    Set<String> found =
        CLASSES.stream()
            .map(c -> c.getPackageName())
            .filter(name -> name.startsWith(ROOT + "."))
            .map(name -> name.substring(ROOT.length() + 1).replaceFirst("\\..*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    found.removeAll(rooms);
    found.remove(CLIENT);
    org.assertj.core.api.Assertions.assertThat(found).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked =
        CLASSES.stream()
            .map(c -> c.getPackage())
            .distinct()
            .filter(p -> !p.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
            .map(p -> p.getName())
            .toList();
    org.assertj.core.api.Assertions.assertThat(unmarked).isEmpty();
  }

  private static ArchRule floors() {
    LayeredArchitecture house =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (var floor : FLOORS) {
      for (var room : floor) {
        house = house.layer(room).definedBy(ROOT + "." + room + "..");
      }
    }
    for (int i = 0; i < FLOORS.size(); i++) {
      var above = new ArrayList<String>();
      FLOORS.subList(i + 1, FLOORS.size()).forEach(above::addAll);
      for (var room : FLOORS.get(i)) {
        house =
            above.isEmpty()
                ? house.whereLayer(room).mayNotBeAccessedByAnyLayer()
                : house.whereLayer(room).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
      }
    }
    return house;
  }
}
