package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The package phase makes what the Dockerfile copies. */
class PackagingIT {

  private final Dockerfile dockerfile = Dockerfile.read();

  @Test
  void everySourceOfACopyExists() {
    assertThat(dockerfile.copies())
        .isNotEmpty()
        .flatExtracting(Dockerfile.Copy::sources)
        .allSatisfy(source -> assertThat(Dockerfile.resolve(source)).as(source).isNotEmpty());
  }

  @Test
  void theProgramIsWholeWithoutTheServersOfTheZeroConfigurationMode() throws Exception {
    try (var libraries = Files.list(Path.of("target/quarkus-app/lib/main"))) {
      assertThat(libraries.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("org.postgresql.postgresql-"))
          .anyMatch(name -> name.startsWith("io.minio.minio-"))
          .noneMatch(name -> name.startsWith("io.zonky") || name.startsWith("org.gaul"));
    }
  }

  /** The launcher of the image is the one that the package phase puts beside the program. */
  @Test
  void theLauncherIsTheSameInsideAndOutsideOfTheImage() throws Exception {
    for (var copy : dockerfile.copies()) {
      if (!copy.mode().isEmpty()) {
        for (var source : copy.sources()) {
          var packaged = Path.of("target").resolve(Path.of(source).getFileName());
          assertThat(packaged).hasSameBinaryContentAs(Path.of(source));
        }
      }
    }
    assertThat(Path.of("target/cairn")).isExecutable();
  }
}
