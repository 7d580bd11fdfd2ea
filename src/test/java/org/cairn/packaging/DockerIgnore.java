package org.cairn.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** .dockerignore: the last line that matches a path or a folder above it decides. */
record DockerIgnore(List<String> lines) {

  static DockerIgnore read() throws IOException {
    return new DockerIgnore(
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList());
  }

  boolean ignores(String path) {
    var ignored = false;
    for (var line : lines) {
      var keeps = line.startsWith("!");
      var pattern = (keeps ? line.substring(1) : line).replace(".", "\\.").replace("*", "[^/]*");
      if (path.matches(pattern + "(/.*)?")) {
        ignored = !keeps;
      }
    }
    return ignored;
  }
}
