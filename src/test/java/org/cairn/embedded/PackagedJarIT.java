package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Test;

/** What production ships: nothing of the zero-configuration mode's servers. */
class PackagedJarIT {

  @Test
  void productionHasNeitherServer() throws IOException {
    var jars = jarsBelow(CairnProcess.TARGET.resolve("quarkus-app"));
    assertThat(jars).hasSizeGreaterThan(100);
    for (var jar : jars) {
      assertThat(contents(jar))
          .as(jar.toString())
          .noneMatch(name -> name.startsWith("org/gaul/s3proxy/"))
          .noneMatch(name -> name.startsWith("io/zonky/"))
          .noneMatch(name -> name.startsWith("postgres-") && name.endsWith(".txz"));
    }
  }

  @Test
  void theServersLieBesideIt() throws IOException {
    var names = new java.util.ArrayList<String>();
    for (var jar : jarsBelow(CairnProcess.TARGET.resolve("embedded"))) {
      names.addAll(contents(jar));
    }
    assertThat(names)
        .contains("org/gaul/s3proxy/S3Proxy.class")
        .anyMatch(name -> name.matches("postgres-[a-z]+-[a-z0-9_]+\\.txz"));
  }

  private static List<Path> jarsBelow(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  private static List<String> contents(Path jar) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(entry -> entry.getName()).toList();
    }
  }
}
