package org.cairn.cli;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cairn.cli.Transport.Movement;
import org.jspecify.annotations.Nullable;

/**
 * Brings an answer that no digest is known of to a file: under another name until all of it is
 * there, and going on where the connection broke as long as the entity tag is the same.
 */
final class SeriesDownload {

  private static final int LARGEST_PROBLEM = 1 << 20;

  private final Api api;
  private final Console console;
  private final String path;
  private final Path file;

  private @Nullable Progress progress;
  private String etag = "";

  SeriesDownload(Api api, Console console, String path, Path file) {
    this.api = api;
    this.console = console;
    this.path = path;
    this.file = file;
  }

  /**
   * What was written.
   *
   * @param steps of the checkpoints in order; none where they are too many to be listed
   */
  record Series(long size, long checkpoints, long without, List<Long> steps) {}

  Series run() {
    var target = file.toAbsolutePath();
    var folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(target)) {
      throw new CliException(
          ExitCode.USAGE, file + " cannot be written: it is a folder, or lies in none");
    }
    var temporary = folder.resolve("." + target.getFileName() + ".part");
    try {
      var partial = Partial.of(temporary, 0); // what another run has left says nothing
      try {
        var series = fetch(partial);
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        return series;
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED, "Cannot write %s: %s".formatted(file, FolderWalk.reason(e)), e);
    } finally {
      if (progress != null) {
        progress.close();
      }
    }
  }

  private Series fetch(Partial partial) {
    while (true) {
      long before = partial.length();
      // As long as bytes arrive between two failures there is reason to go on.
      var series =
          api.retry()
              .run(
                  "GET " + api.server().at(path),
                  () -> {
                    try {
                      return Optional.of(request(partial));
                    } catch (IOException e) {
                      if (partial.length() > before && !etag.isEmpty()) {
                        return Optional.<Series>empty();
                      }
                      throw e;
                    }
                  });
      if (series.isPresent()) {
        return series.get();
      }
    }
  }

  private Series request(Partial partial) throws IOException, InterruptedException {
    var builder = api.request(path).GET();
    if (partial.length() > 0) {
      builder.header("Range", "bytes=" + partial.length() + "-").header("If-Range", etag);
    }
    var movement = new Movement();
    HttpResponse<byte[]> response;
    try (var channel = partial.open()) {
      response =
          api.transport().send(builder.build(), handler(channel, partial, movement), movement);
      channel.truncate(partial.length());
    }
    if (response.statusCode() != 200 && response.statusCode() != 206) {
      var problem = ServerProblem.of(response.statusCode(), response.body());
      if (Transport.passing(problem.status())) {
        throw new Retry.LaterException(problem, Transport.retryAfter(response));
      }
      throw new ProblemException("GET " + api.server().at(path), problem);
    }
    var steps = response.headers().firstValue("Cairn-Steps").orElse("");
    return new Series(
        partial.length(),
        response.headers().firstValueAsLong("Cairn-Checkpoints").orElse(0),
        response.headers().firstValueAsLong("Cairn-Without-Tensor").orElse(0),
        steps.isEmpty() ? List.of() : Arrays.stream(steps.split(",")).map(Long::valueOf).toList());
  }

  private BodyHandler<byte[]> handler(FileChannel channel, Partial partial, Movement movement) {
    return info -> {
      movement.touch();
      if (info.statusCode() != 200 && info.statusCode() != 206) {
        return BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_PROBLEM);
      }
      if (info.statusCode() == 200) {
        count(-partial.length());
        partial.restart();
      }
      etag = info.headers().firstValue("ETag").orElse("");
      long size = partial.length() + info.headers().firstValueAsLong("Content-Length").orElse(0);
      if (progress == null) {
        progress = Progress.of(console, "Reading", size);
      }
      return new FileSink(
          channel,
          partial,
          size,
          n -> {
            movement.touch();
            count(n);
          });
    };
  }

  private void count(long bytes) {
    if (progress != null) {
      progress.add(bytes);
    }
  }
}
