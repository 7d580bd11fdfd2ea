package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredDatabaseTest {

  private static final String URL = "jdbc:postgresql://db/cairn";

  @TempDir Path folder;

  private final Properties system = new Properties();

  @Test
  void noneByDefault() {
    assertThat(find(Map.of())).isEmpty();
    assertThat(find(Map.of("QUARKUS_DATASOURCE_JDBC_URL", " "))).isEmpty();
  }

  @Test
  void bySystemPropertyOrEnvironment() {
    assertThat(find(Map.of("QUARKUS_DATASOURCE_JDBC_URL", URL)))
        .isEqualTo("environment variable QUARKUS_DATASOURCE_JDBC_URL");
    system.setProperty("quarkus.datasource.jdbc.url", URL);
    assertThat(find(Map.of())).isEqualTo("system property quarkus.datasource.jdbc.url");
  }

  @Test
  void byTheFileBesideTheProgram() throws IOException {
    var file = Files.createDirectory(folder.resolve("config")).resolve("application.properties");
    Files.writeString(file, "quarkus.datasource.username=x\n");
    assertThat(find(Map.of())).isEmpty();
    Files.writeString(file, "%prod.quarkus.datasource.jdbc.url=" + URL + "\n");
    assertThat(find(Map.of())).isEqualTo(file.toString());
  }

  @Test
  void byDotEnv() throws IOException {
    Files.writeString(folder.resolve(".env"), "QUARKUS_DATASOURCE_JDBC_URL=" + URL + "\n");
    assertThat(find(Map.of())).isEqualTo(".env");
  }

  @Test
  void byANamedFile() throws IOException {
    var file = folder.resolve("mine.properties");
    Files.writeString(file, "quarkus.datasource.jdbc.url=" + URL + "\n");
    assertThat(find(Map.of("QUARKUS_CONFIG_LOCATIONS", "missing.properties,file:" + file)))
        .isEqualTo(file.toString());
  }

  private String find(Map<String, String> environment) {
    return new ConfiguredDatabase(system, environment, folder).source().orElse("");
  }
}
