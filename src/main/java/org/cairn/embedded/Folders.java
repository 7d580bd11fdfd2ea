package org.cairn.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small work on files that the JDK leaves to its users. */
public final class Folders {

  private Folders() {}

  /** Deletes a folder and all in it, following no link; nothing happens when it is not there. */
  public static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static void deleteOthers(Path folder, Path kept) throws IOException {
    List<Path> others;
    try (var entries = Files.list(folder)) {
      others = entries.filter(entry -> !entry.equals(kept)).toList();
    }
    for (var other : others) {
      delete(other);
    }
  }
}
