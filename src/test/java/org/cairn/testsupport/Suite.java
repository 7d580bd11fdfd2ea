package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** The whole suite of training runs, which does not ship with the project. */
public final class Suite {

  private Suite() {}

  /** Beside the project, or where {@code CAIRN_SHARED} says; fails where it is not. */
  public static Path glyph() {
    var told = System.getProperty("cairn.shared", System.getenv("CAIRN_SHARED"));
    var shared = Path.of(told != null ? told : "../shared").toAbsolutePath().normalize();
    assertThat(shared.resolve("suite/glyph/runs")).as("CAIRN_SHARED").isDirectory();
    return shared.resolve("suite/glyph");
  }
}
