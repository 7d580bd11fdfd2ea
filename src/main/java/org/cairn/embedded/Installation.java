package org.cairn.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that Cairn runs from: {@code target} after a build, {@code /opt/cairn} in the image.
 * It has {@code quarkus-app}, and after a build also {@code embedded} (the child servers) and
 * {@code demo}.
 */
record Installation(Path home) {

  /** Set by the launcher; without it the place of {@code quarkus-run.jar} tells. */
  private static final String HOME = "cairn.home";

  static Installation locate() {
    var home = System.getProperty(HOME);
    if (home != null && !home.isBlank()) {
      return new Installation(Path.of(home).toAbsolutePath().normalize());
    }
    var jar = Path.of(System.getProperty("java.class.path", "")).toAbsolutePath().normalize();
    var quarkusApp = jar.endsWith("quarkus-run.jar") ? jar.getParent() : null;
    var parent = quarkusApp == null ? null : quarkusApp.getParent();
    return new Installation(parent == null ? Path.of("").toAbsolutePath() : parent);
  }

  boolean hasServers() {
    return Files.isDirectory(embedded());
  }

  Path demo() {
    return home.resolve("demo");
  }

  Path launcher() {
    return home.resolve("cairn");
  }

  /**
   * The servers' own jars first: where they and Cairn ship the same library, theirs is the one they
   * were built with.
   */
  String childClassPath() {
    var jars = new ArrayList<Path>();
    jars.addAll(jarsIn(embedded()));
    jars.addAll(jarsIn(home.resolve("quarkus-app/app")));
    jars.addAll(jarsIn(home.resolve("quarkus-app/lib/boot")));
    jars.addAll(jarsIn(home.resolve("quarkus-app/lib/main")));
    return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
  }

  private Path embedded() {
    return home.resolve("embedded");
  }

  private static List<Path> jarsIn(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
