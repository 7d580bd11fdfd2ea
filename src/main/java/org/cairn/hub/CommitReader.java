package org.cairn.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.cairn.platform.BoundedLines;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Reads a commit line by line. Files that it brings along are handed on a few at a time: however
 * long it is, not more than a line and those few are in memory.
 */
final class CommitReader {

  /** Longest line, in bytes: a file of 12 MiB. */
  static final int LINE_MAX = 16 << 20;

  /** Longest commit, in bytes. */
  static final long BODY_MAX = 256L << 20;

  /** Most lines, with some room above the most files that a repository takes. */
  private static final int LINES_MAX = 50_000;

  /** Files that are handed on together: so many, or so many bytes. */
  private static final int BATCH_FILES = 200;

  private static final int BATCH_BYTES = 16 << 20;

  private static final Pattern PARENT = Pattern.compile("[0-9a-f]{5,40}");
  private static final Pattern SHA256 = Pattern.compile(Sha256.REGEX);
  private static final Pattern SIZE = Pattern.compile("\\d{1,18}");

  private final Consumer<Map<Sha256, byte[]>> sink;
  private final Map<Sha256, byte[]> waiting = new LinkedHashMap<>();
  private final List<CommitRequest.NewFile> files = new ArrayList<>();
  private final List<CommitRequest.Copy> copies = new ArrayList<>();
  private final List<String> deletedFiles = new ArrayList<>();
  private final List<String> deletedFolders = new ArrayList<>();
  private @Nullable String parent;
  private long waitingBytes;

  /**
   * @param sink takes the bytes of files
   */
  CommitReader(Consumer<Map<Sha256, byte[]>> sink) {
    this.sink = sink;
  }

  CommitRequest read(InputStream body) throws IOException {
    var lines = new BoundedLines(new BufferedInputStream(body, 1 << 16), LINE_MAX);
    int number = 0;
    long bytes = 0;
    for (var line = lines.next(); line != null; line = lines.next()) {
      if (line.tooLong()) {
        throw new HubException(
            413, "A line has at most " + LINE_MAX + " bytes: larger files are sent by LFS");
      }
      bytes += line.bytes().length + 1;
      if (bytes > BODY_MAX || number > LINES_MAX) {
        throw new HubException(
            413, "A commit has at most %d bytes and %d lines".formatted(BODY_MAX, LINES_MAX));
      }
      if (!line.isBlank()) {
        accept(CommitLine.parse(line.bytes()), number++);
      }
    }
    if (number == 0) {
      throw new HubException(400, "A commit has a header");
    }
    flush();
    return new CommitRequest(parent, files, copies, deletedFiles, deletedFolders);
  }

  private void accept(CommitLine line, int number) {
    if (line.key().equals("header") != (number == 0)) {
      throw new HubException(400, "The header is the first line of a commit, and no other one");
    }
    switch (line.key()) {
      case "header" -> parent = parent(line.field("parentCommit"));
      case "file" -> {
        var path = path(line.required("path"));
        files.add(keep(path, line.content()));
      }
      case "lfsFile" -> files.add(lfsFile(line));
      case "deletedFile" -> deletedFiles.add(path(line.required("path")));
      case "deletedFolder" -> {
        var path = line.required("path");
        deletedFolders.add(path(path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
      }
      case "copyFile" ->
          copies.add(
              new CommitRequest.Copy(
                  path(line.required("path")),
                  path(line.required("srcPath")),
                  line.field("srcRevision")));
      default ->
          throw new HubException(
              400,
              "A line of a commit is header, file, lfsFile, copyFile, deletedFile or deletedFolder");
    }
  }

  private static @Nullable String parent(@Nullable String commit) {
    if (commit != null && !PARENT.matcher(commit).matches()) {
      throw new HubException(400, "parentCommit: has 5 to 40 hexadecimal digits");
    }
    return commit;
  }

  static String path(String path) {
    var fault = Names.faultOfPath(path);
    if (!fault.isEmpty()) {
      // What is no text cannot be repeated in an answer either.
      var shown = JsonLimits.faultOfText(path).isEmpty() ? path : "?";
      throw new HubException(400, "path " + shown + ": " + fault);
    }
    return path;
  }

  private static CommitRequest.NewFile lfsFile(CommitLine line) {
    var path = path(line.required("path"));
    var oid = line.required("oid");
    if (!Objects.requireNonNullElse(line.field("algo"), "sha256").equals("sha256")
        || !SHA256.matcher(oid).matches()) {
      throw new HubException(400, "oid of " + path + ": is a SHA-256 in 64 hexadecimal digits");
    }
    var size = line.field("size");
    if (size != null && !SIZE.matcher(size).matches()) {
      throw new HubException(400, "size of " + path + ": is a number of bytes");
    }
    return new CommitRequest.NewFile(
        path, new Sha256(oid), size == null ? null : Long.valueOf(size));
  }

  private CommitRequest.NewFile keep(String path, byte[] content) {
    var sha256 = Sha256.of(content);
    if (waiting.put(sha256, content) == null) {
      waitingBytes += content.length;
    }
    if (waiting.size() >= BATCH_FILES || waitingBytes >= BATCH_BYTES) {
      flush();
    }
    return new CommitRequest.NewFile(path, sha256, (long) content.length);
  }

  private void flush() {
    if (!waiting.isEmpty()) {
      sink.accept(waiting);
      waiting.clear();
      waitingBytes = 0;
    }
  }
}
