package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;

/**
 * What a {@code MANIFEST.json} says should be in a folder: of a run (its files), or of a suite (the
 * files that runs share, and the digest of each run's own manifest).
 */
final class Manifest {

  static final String NAME = "MANIFEST.json";

  /** A file as it should be; a size below zero is not stated. */
  record Entry(long size, Sha256 sha256) {}

  private Manifest() {}

  /**
   * The files that the manifest in {@code root} lists, those of the runs of a suite included, by
   * path; the manifests themselves where another one vouches for them.
   */
  static Map<String, Entry> read(Path root) {
    var entries = new LinkedHashMap<String, Entry>();
    var document = document(root.resolve(NAME));
    add(document.isArray() ? document : document.path("files"), "", entries);
    add(document.path("shared_files"), "", entries);
    document
        .path("runs")
        .properties()
        .forEach(run -> {
          if (!run.getValue().isTextual()) {
            return; // says something else about the run
          }
          var prefix = LayoutScan.RUNS + "/" + run.getKey() + "/";
          var path = checked(prefix + NAME);
          entries.put(path, new Entry(-1, digest(run.getValue().asText(""), path)));
          // Without the run's manifest its files are unknown; that it is missing is reported.
          if (Files.exists(root.resolve(path))) {
            add(document(root.resolve(path)).path("files"), prefix, entries);
          }
        });
    if (entries.isEmpty()) {
      throw new CliException(ExitCode.FAILED, root.resolve(NAME) + " lists no files");
    }
    return entries;
  }

  /** Files as a list of objects, or by path: an object or the digest alone. */
  private static void add(JsonNode files, String prefix, Map<String, Entry> entries) {
    files.properties().forEach(file -> add(prefix + file.getKey(), file.getValue(), entries));
    if (files.isArray()) {
      files.forEach(file -> add(prefix + file.path("path").asText(""), file, entries));
    }
  }

  private static void add(String name, JsonNode file, Map<String, Entry> entries) {
    var path = checked(name);
    var size = file.path("size");
    if (!size.isMissingNode() && !(size.isIntegralNumber() && size.canConvertToLong())) {
      throw new CliException(ExitCode.FAILED, NAME + ": " + path + " has no size");
    }
    var hex = file.isTextual() ? file.textValue() : file.path("sha256").asText("");
    var digest = digest(hex.startsWith("sha256:") ? hex.substring(7) : hex, path);
    entries.put(path, new Entry(size.asLong(-1), digest));
  }

  private static String checked(String path) {
    var fault = Names.faultOfPath(path);
    if (!fault.isEmpty()) {
      throw new CliException(ExitCode.FAILED, "%s: %s: %s".formatted(NAME, path, fault));
    }
    return path;
  }

  private static Sha256 digest(String hex, String path) {
    try {
      return new Sha256(hex);
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCode.FAILED, NAME + ": " + path + " has no SHA-256", e);
    }
  }

  private static JsonNode document(Path file) {
    try {
      var tree = Json.read(file);
      if (tree != null && tree.isContainerNode()) {
        return tree;
      }
    } catch (java.nio.file.NoSuchFileException e) {
      throw new CliException(
          ExitCode.NOT_FOUND,
          "There is no %s; --against PROJECT/RUN checks a folder without one".formatted(file),
          e);
    } catch (IOException e) {
      throw new CliException(ExitCode.FAILED, file + " is not JSON", e);
    }
    throw new CliException(ExitCode.FAILED, file + " is not a manifest");
  }
}
