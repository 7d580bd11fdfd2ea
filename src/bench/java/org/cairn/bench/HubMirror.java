package org.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Cairn answers about the checkpoints of a repository, as files that any server can answer
 * with, beside the checkpoints' own.
 */
final class HubMirror {

  private final Api cairn;
  private final Path files;
  private final Map<String, String> tags = new HashMap<>();
  private long size;
  private int count;

  /**
   * @param files a folder for it
   */
  HubMirror(Api cairn, Path files) {
    this.cairn = cairn;
    this.files = files;
  }

  /**
   * @param repository its two names
   * @param checkpoints folders with the files, called as their revisions are
   */
  void add(String repository, List<Path> checkpoints) throws IOException, InterruptedException {
    var root = "/api/models/" + repository;
    write("/api/agent-harnesses", cairn.text("/api/agent-harnesses"));
    for (var checkpoint : checkpoints) {
      var revision = root + "/revision/" + checkpoint.getFileName();
      var description = cairn.text(revision);
      write(revision, description);
      var commit = Api.JSON.readTree(description).path("sha").asText();
      var tree = cairn.text(root + "/tree/" + commit + "?recursive=true&expand=false");
      write(root + "/tree/" + commit, tree);
      for (var entry : Api.JSON.readTree(tree)) {
        if (entry.path("type").asText().equals("file")) {
          var path = entry.path("path").asText();
          var address = "/" + repository + "/resolve/" + commit + "/" + path;
          var link = place(address);
          Files.createSymbolicLink(link, checkpoint.resolve(path));
          tags.put(address, entry.path("lfs").path("oid").asText());
          size += entry.path("size").asLong();
          count++;
        }
      }
    }
  }

  /** Entity tags of files, by the paths of their addresses. */
  Map<String, String> tags() {
    return tags;
  }

  /** Of the checkpoints' files, in bytes. */
  long size() {
    return size;
  }

  int count() {
    return count;
  }

  private void write(String address, String text) throws IOException {
    Files.writeString(place(address), text);
  }

  private Path place(String address) throws IOException {
    var file = files.resolve(address.substring(1));
    Files.createDirectories(file.getParent());
    return file;
  }
}
