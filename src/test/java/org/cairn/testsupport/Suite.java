package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** Real training runs and releases, which do not ship with the project. */
public final class Suite {

  private Suite() {}

  /** Beside the project, or where {@code CAIRN_SHARED} says; fails where it is not. */
  public static Path glyph() {
    return shared("suite/glyph");
  }

  /** Metadata of real releases. */
  public static Path fixtures() {
    return shared("fixtures");
  }

  private static Path shared(String folder) {
    var told = System.getProperty("cairn.shared", System.getenv("CAIRN_SHARED"));
    var shared = Path.of(told != null ? told : "../shared").toAbsolutePath().normalize();
    assertThat(shared.resolve(folder)).as("CAIRN_SHARED").isDirectory();
    return shared.resolve(folder);
  }
}
