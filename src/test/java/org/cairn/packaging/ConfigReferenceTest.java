package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cairn.testsupport.Generated;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The README's table of the configuration is what the code reads, no more and no less. */
class ConfigReferenceTest {

  /** Their build-time keys are described by jars that only the build has. */
  private static final List<String> OF_THE_BUILD =
      List.of(
          "mp.openapi.",
          "quarkus.smallrye-openapi.",
          "quarkus.swagger-ui.",
          "quarkus.hibernate-orm.mapping.",
          "quarkus.hibernate-orm.physical-naming-strategy");

  private static final Pattern VARIABLE =
      Pattern.compile("(?:\\$\\{|\")(CAIRN_[A-Z0-9_]+|JAVA_HOME|JAVA_OPTS)(?:[:}\"])");

  @Test
  void theReadmeListsEveryKey() throws IOException {
    var table = new StringBuilder();
    table.append("| property | environment variable | default | meaning |\n");
    table.append("|---|---|---|---|\n");
    for (var key : ConfigKey.all()) {
      var value = key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`";
      table
          .append("| `" + key.name() + "` | `" + key.environmentVariable() + "` | " + value)
          .append(value.isEmpty() ? "| " : " | ")
          .append(key.meaning().replace("|", "\\|"))
          .append(" |\n");
    }
    Generated.between("README.md", "config-table").isUpToDateWith(table.toString());
  }

  @Test
  void everyKeySaysWhatItMeans() {
    assertThat(ConfigKey.all())
        .allSatisfy(key -> assertThat(key.meaning()).as("Javadoc of %s", key.name()).isNotBlank());
  }

  @Test
  void everyDocumentedKeyOfQuarkusIsReadWhenTheProgramRuns() {
    var model = QuarkusConfigModel.load();
    assertThat(ConfigKey.ofQuarkus())
        .isNotEmpty()
        .allSatisfy(key -> assertThat(model.isRunTime(key.name())).as(key.name()).isTrue());
  }

  @Test
  void everyShippedKeyIsKnown() {
    var model = QuarkusConfigModel.load();
    var ours = ConfigKey.ofCairn().stream().map(ConfigKey::name).toList();
    assertThat(ApplicationProperties.read().stringPropertyNames())
        .map(name -> name.replaceFirst("^%[a-z]+\\.", ""))
        .filteredOn(name -> OF_THE_BUILD.stream().noneMatch(name::startsWith))
        .allSatisfy(name ->
            assertThat(name.startsWith("quarkus.") ? model.knows(name) : ours.contains(name))
                .as(name)
                .isTrue());
  }

  @Test
  void aKeyThatQuarkusDoesNotReadIsNoticed() {
    var model = QuarkusConfigModel.load();
    assertThat(model.knows("quarkus.flyway.migrate-on-start")).isFalse();
    assertThat(model.isRunTime("quarkus.management.enabled")).isFalse();
  }

  /** A key read past the mappings would be missing in the table. */
  @Test
  void configurationIsReadThroughMappingsOnly() {
    assertThat(Program.annotations(ConfigProperty.class)).isEmpty();
    assertThat(Program.annotations(ConfigMapping.class)).isNotEmpty();
  }

  /** What is read from the environment by the launcher and the client, past the configuration. */
  @Test
  void everyOtherVariableIsDocumented() throws IOException {
    var readme = Files.readString(Path.of("README.md"));
    var sources = new ArrayList<Path>();
    sources.add(Path.of("src/launcher/cairn"));
    try (var files = Files.walk(Path.of("src/main/java"))) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
    }
    var variables = new TreeSet<String>();
    for (var source : sources) {
      var matcher = VARIABLE.matcher(Files.readString(source));
      while (matcher.find()) {
        variables.add(matcher.group(1));
      }
    }
    assertThat(variables)
        .contains("CAIRN_URL", "CAIRN_HOME", "JAVA_OPTS")
        .allSatisfy(variable -> assertThat(readme).contains("`" + variable + "`"));
  }
}
