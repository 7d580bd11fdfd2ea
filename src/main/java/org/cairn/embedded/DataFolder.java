package org.cairn.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where a zero-configuration registry keeps everything it has; copied whole while stopped, it is a
 * backup.
 */
record DataFolder(Path root) {

  /** PostgreSQL's files, binaries and room for the first write-ahead logs. */
  private static final long NEEDED = 256L << 20;

  /** What the shell that pg_ctl starts the server with would not take literally. */
  private static final String UNQUOTABLE = "\"$`\\\n\r";

  /** Makes the folder when it is not there, and refuses one that cannot do. */
  static DataFolder open(Path path) {
    var root = path.toAbsolutePath().normalize();
    if (!isWindows() && root.toString().chars().anyMatch(c -> UNQUOTABLE.indexOf(c) >= 0)) {
      throw refused(root, "PostgreSQL's tools cannot handle quotes, $, ` or \\ in its name", null);
    }
    try {
      var existing = root;
      while (existing.getParent() != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (!Files.isDirectory(existing)) {
        throw refused(root, existing + " is not a folder", null);
      }
      if (!existing.equals(root)) {
        Files.createDirectories(root, ownerOnly(root));
      }
      var folder = new DataFolder(root.toRealPath());
      folder.check();
      return folder;
    } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
      throw refused(root, "it cannot be written", e);
    } catch (IOException e) {
      throw refused(root, String.valueOf(e.getMessage()), e);
    }
  }

  private void check() throws IOException {
    if (!Files.isWritable(root)) {
      throw refused(root, "it cannot be written", null);
    }
    if (Files.notExists(lock()) && hasForeignFiles()) {
      throw refused(
          root, "it has files in it that are not Cairn's; give a new or an empty folder", null);
    }
    if (isInitialized() && Files.notExists(credentials())) {
      throw refused(
          root,
          credentials().getFileName() + " is gone from it, and nothing opens its database without",
          null);
    }
    if (!isInitialized() && Files.getFileStore(root).getUsableSpace() < NEEDED) {
      throw refused(root, "a new one needs %d MiB of free disk".formatted(NEEDED >> 20), null);
    }
  }

  /** Held by the Cairn that uses the folder. */
  Path lock() {
    return root.resolve("cairn.lock");
  }

  /** Held by the child servers, which may take a moment to stop when their Cairn was killed. */
  Path serversLock() {
    return root.resolve("servers.lock");
  }

  Path credentials() {
    return root.resolve("credentials.properties");
  }

  Path ports() {
    return root.resolve("ports.properties");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path postgresBinaries() {
    return root.resolve("postgres-bin");
  }

  Path objects() {
    return root.resolve("objects");
  }

  Path serversLog() {
    return root.resolve("logs/servers.log");
  }

  Path postgresLog() {
    return root.resolve("logs/postgres.log");
  }

  boolean isInitialized() {
    return Files.exists(postgres().resolve("PG_VERSION"));
  }

  static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  /**
   * For a file or folder that others must not read; nothing where the file system has no such
   * rights.
   */
  static FileAttribute<?>[] ownerOnly(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
  }

  private boolean hasForeignFiles() throws IOException {
    try (var files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> !name.startsWith(".") && !name.equals("lost+found"));
    }
  }

  private static StartFailure refused(Path root, String reason, @Nullable Throwable cause) {
    var sentence = "Cannot use the data folder %s: %s.".formatted(root, reason);
    return cause == null
        ? new StartFailure(StartFailure.DATA_FOLDER, sentence)
        : new StartFailure(StartFailure.DATA_FOLDER, sentence, cause);
  }
}
