package org.cairn.packaging;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.common.utils.StringUtil;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * A key that an operator may set: what the code reads, and the few of Quarkus that Cairn supports.
 */
record ConfigKey(String name, String defaultValue, String meaning) {

  /** Keys of Quarkus that are part of what Cairn promises; any other may change with Quarkus. */
  private static final Map<String, String> OF_QUARKUS =
      Map.ofEntries(
          Map.entry(
              "quarkus.datasource.jdbc.url",
              "Where PostgreSQL (14 or newer) is: `jdbc:postgresql://host:5432/cairn`. Nothing is waited for longer than 30 seconds, or"
                  + " what `?socketTimeout=` says."),
          Map.entry("quarkus.datasource.username", "User of the database."),
          Map.entry("quarkus.datasource.password", "Password of the database."),
          Map.entry(
              "quarkus.datasource.jdbc.acquisition-timeout",
              "Longest wait for a free database connection; after it, clients are told to come again."),
          Map.entry("quarkus.datasource.jdbc.max-size", "Most database connections of a replica."),
          Map.entry(
              "quarkus.flyway.migrate-at-start",
              "Brings the schema up to date when the service starts; replicas wait for each other."),
          Map.entry(
              "quarkus.flyway.validate-at-start",
              "Refuses to start on a schema that is older than the program."),
          Map.entry(
              "quarkus.init-and-exit",
              "Ends after the migration instead of serving: for a job that only migrates."),
          Map.entry(
              "quarkus.http.host", "Address that the API listens on; all of them unless set."),
          Map.entry("quarkus.http.port", "Port of the API."),
          Map.entry(
              "quarkus.http.proxy.proxy-address-forwarding",
              "Believes `X-Forwarded-*`: only behind a proxy that sets them."),
          Map.entry(
              "quarkus.http.limits.max-body-size",
              "Largest request body; in proxied mode also the largest part of an upload."),
          Map.entry("quarkus.http.cors.origins", "Web origins that may read the API."),
          Map.entry(
              "quarkus.management.host",
              "Address that health and metrics listen on; all of them unless set."),
          Map.entry("quarkus.management.port", "Port of health and metrics."),
          Map.entry("quarkus.log.level", "Least level that is logged."),
          Map.entry("quarkus.log.console.json.enabled", "Logs JSON, one object a line."),
          Map.entry("quarkus.swagger-ui.enabled", "Whether `/q/swagger-ui` is there."),
          Map.entry(
              "quarkus.shutdown.timeout", "How long requests under way may take at shutdown."));

  String environmentVariable() {
    return StringUtil.replaceNonAlphanumericByUnderscores(name).toUpperCase(Locale.ROOT);
  }

  /** All of them: Cairn's own, then those of Quarkus, each in alphabetical order. */
  static List<ConfigKey> all() {
    var keys = new ArrayList<>(ofCairn());
    keys.addAll(ofQuarkus());
    return List.copyOf(keys);
  }

  /** Whether the program reads this environment variable. */
  static boolean isRead(String environmentVariable) {
    return Known.VARIABLES.contains(environmentVariable);
  }

  /** Looked up once: reading classes and sources takes a while. */
  private static final class Known {
    static final List<ConfigKey> OF_CAIRN = readCairn();
    static final Set<String> VARIABLES =
        all().stream().map(ConfigKey::environmentVariable).collect(toUnmodifiableSet());
  }

  /** Every property of every {@code @ConfigMapping} of the program, as SmallRye itself names it. */
  static List<ConfigKey> ofCairn() {
    return Known.OF_CAIRN;
  }

  static List<ConfigKey> ofQuarkus() {
    var shipped = ApplicationProperties.read();
    var model = QuarkusConfigModel.load();
    return OF_QUARKUS.entrySet().stream()
        .map(e -> new ConfigKey(e.getKey(), ourDefault(shipped, model, e.getKey()), e.getValue()))
        .sorted(Comparator.comparing(ConfigKey::name))
        .toList();
  }

  private static List<ConfigKey> readCairn() {
    var keys = new ArrayList<ConfigKey>();
    for (var annotation : Program.annotations(ConfigMapping.class)) {
      var mapping = Program.load(annotation.target().asClass());
      var descriptions = Javadoc.of(mapping);
      ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(mapping))
          .forEach((name, property) -> keys.add(of(name, property, descriptions)));
    }
    keys.sort(Comparator.comparing(ConfigKey::name));
    return List.copyOf(keys);
  }

  private static ConfigKey of(String name, Property property, Javadoc descriptions) {
    var value = property.hasDefaultValue() ? property.getDefaultValue() : "";
    return new ConfigKey(name, value, descriptions.of(property.getMethod()));
  }

  private static String ourDefault(Properties shipped, QuarkusConfigModel model, String key) {
    return shipped.getProperty(key, model.defaultOf(key));
  }
}
