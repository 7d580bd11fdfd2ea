package org.cairn.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database is configured, asked before Quarkus starts: what it says decides what Quarkus
 * is told. Looks where Quarkus looks: system property, environment, {@code .env} and {@code
 * config/application.properties} of the working folder, and files named by {@code
 * quarkus.config.locations}.
 */
final class ConfiguredDatabase {

  private static final String PROPERTY = "quarkus.datasource.jdbc.url";
  private static final String VARIABLE = "QUARKUS_DATASOURCE_JDBC_URL";
  private static final String LOCATIONS = "quarkus.config.locations";
  private static final String LOCATIONS_VARIABLE = "QUARKUS_CONFIG_LOCATIONS";

  private final Properties system;
  private final Map<String, String> environment;
  private final Path workingFolder;

  ConfiguredDatabase(Properties system, Map<String, String> environment, Path workingFolder) {
    this.system = system;
    this.environment = environment;
    this.workingFolder = workingFolder;
  }

  /** Where it is configured, in words for a message. */
  Optional<String> source() {
    if (isSet(system.getProperty(PROPERTY))) {
      return Optional.of("system property " + PROPERTY);
    }
    if (isSet(environment.get(VARIABLE))) {
      return Optional.of("environment variable " + VARIABLE);
    }
    if (isSet(read(workingFolder.resolve(".env")).getProperty(VARIABLE))) {
      return Optional.of(".env");
    }
    return files().stream().filter(ConfiguredDatabase::configures).findFirst().map(Path::toString);
  }

  private List<Path> files() {
    var named = system.getProperty(LOCATIONS, environment.getOrDefault(LOCATIONS_VARIABLE, ""));
    var files = new ArrayList<Path>();
    files.add(workingFolder.resolve("config/application.properties"));
    for (var location : named.split(",", -1)) {
      if (isSet(location)) {
        var path = location.strip().replaceFirst("^file:(//)?", "");
        files.add(workingFolder.resolve(path));
      }
    }
    return files;
  }

  private static boolean configures(Path file) {
    var properties = read(file);
    return isSet(properties.getProperty(PROPERTY))
        || isSet(properties.getProperty("%prod." + PROPERTY));
  }

  private static Properties read(Path file) {
    var properties = new Properties();
    if (Files.isRegularFile(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        // Quarkus will say what is wrong with a file that it needs.
        return new Properties();
      }
    }
    return properties;
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isBlank();
  }
}
