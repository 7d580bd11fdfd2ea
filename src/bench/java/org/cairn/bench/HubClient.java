package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cairn.embedded.Folders;

/** A Python with an unmodified transformers and huggingface_hub, which does as it is told. */
final class HubClient implements AutoCloseable {

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final Path folder;
  private final JsonNode versions;
  private int caches;

  /**
   * @param endpoint the Hub that it knows
   * @param folder for what it keeps
   */
  HubClient(Path python, URI endpoint, Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.process =
        new ProcessBuilder(
                python.toString(),
                Peers.ROOT.resolve("src/bench/python/hub.py").toString(),
                endpoint.toString(),
                folder.resolve("home").toString())
            .redirectError(folder.resolve("client.log").toFile())
            .start();
    this.requests = process.outputWriter();
    this.answers = process.inputReader();
    this.versions = answer();
  }

  String versions() {
    return "transformers %s, huggingface_hub %s"
        .formatted(
            versions.path("transformers").asText(), versions.path("huggingface_hub").asText());
  }

  /** A folder in which nothing is. */
  Path newCache() throws IOException {
    return Files.createDirectory(folder.resolve("cache-" + caches++));
  }

  /** Loads a model of the Hub; answers how many seconds it took. */
  double load(String repository, String revision, Path cache) throws IOException {
    return load(
        Map.of(
            "do", "load", "path", repository, "revision", revision, "cache_dir", cache.toString()));
  }

  /** Loads a model from a folder; answers how many seconds it took. */
  double load(Path path) throws IOException {
    return load(Map.of("do", "load", "path", path.toString()));
  }

  private double load(Map<String, Object> request) throws IOException {
    return ask(request).path("seconds").asDouble();
  }

  /** Has revisions of a repository downloaded, one after the other, into an empty cache. */
  JsonNode snapshots(URI endpoint, String repository, List<String> revisions) throws IOException {
    var cache = newCache();
    try {
      return ask(
          Map.of(
              "do",
              "snapshot",
              "url",
              endpoint.toString(),
              "path",
              repository,
              "revisions",
              revisions,
              "cache",
              cache.toString()));
    } finally {
      Folders.delete(cache);
    }
  }

  private JsonNode ask(Map<String, Object> request) throws IOException {
    requests.write(Api.JSON.writeValueAsString(request));
    requests.newLine();
    requests.flush();
    return answer();
  }

  private JsonNode answer() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new IOException(
          "the client has ended:\n" + Files.readString(folder.resolve("client.log")));
    }
    return Api.JSON.readTree(line);
  }

  @Override
  public void close() {
    CairnProcess.stop(process.toHandle());
  }
}
