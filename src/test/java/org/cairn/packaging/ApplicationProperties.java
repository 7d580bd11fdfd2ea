package org.cairn.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What is built into the program: src/main/resources/application.properties. */
final class ApplicationProperties {

  private static final Path FILE = Path.of("src/main/resources/application.properties");

  private ApplicationProperties() {}

  static Properties read() {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(FILE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
