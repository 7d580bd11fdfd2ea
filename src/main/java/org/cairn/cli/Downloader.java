package org.cairn.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.cairn.cli.Transport.Movement;
import org.jspecify.annotations.Nullable;

/**
 * Brings the bytes of one digest to the disk: asks the registry, goes where it points, continues
 * where a connection broke, and believes nothing but the digest.
 */
final class Downloader {

  private static final int MOST_REDIRECTS = 5;
  private static final int LARGEST_PROBLEM = 1 << 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/.*");

  private final Api api;
  private final Path staging;
  private final Progress progress;
  private final PullCounts counts;
  private final Retry retry;

  Downloader(Api api, Path staging, Progress progress, PullCounts counts, Retry retry) {
    this.api = api;
    this.staging = staging;
    this.progress = progress;
    this.counts = counts;
    this.retry = retry;
  }

  /** A complete file with the right bytes, in the staging folder. */
  Path fetch(RemoteFile file) throws IOException {
    var partial = Partial.of(staging.resolve(file.sha256().hex() + ".part"), file.size());
    counts.bytesResumed.addAndGet(partial.length());
    progress.skip(partial.length());
    for (int begun = 0; ; begun++) {
      complete(file, partial);
      if (partial.is(file.sha256())) {
        if (file.size() == 0) {
          Files.write(partial.path(), new byte[0]);
        }
        return partial.path();
      }
      progress.add(-partial.length());
      partial.restart();
      // What an earlier pull has left may have been damaged; what came just now is the server's.
      if (begun == 1) {
        throw new CliException(
            ExitCode.MISMATCH,
            "%s: the bytes that arrive are not sha256 %s".formatted(file.path(), file.sha256()));
      }
    }
  }

  private void complete(RemoteFile file, Partial partial) {
    while (partial.length() < file.size()) {
      var before = partial.length();
      // As long as bytes arrive between two failures there is reason to go on.
      retry.<Boolean>run(
          "Downloading " + file.path(),
          () -> {
            try {
              request(file, partial);
              return true;
            } catch (IOException e) {
              if (partial.length() > before) {
                return false;
              }
              throw e;
            }
          });
    }
  }

  private void request(RemoteFile file, Partial partial) throws IOException, InterruptedException {
    var target = api.server().at(file.source());
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      var builder = (hop == 0 ? api.request(file.source()) : HttpRequest.newBuilder(target)).GET();
      if (partial.length() > 0) {
        builder.header("Range", "bytes=" + partial.length() + "-");
      }
      var next = exchange(builder.build(), hop == 0, file, partial);
      if (next == null) {
        return;
      }
      target = next;
    }
    throw new IOException("too many redirects");
  }

  /** Where to go next, or null once the body has been received. */
  private @Nullable URI exchange(HttpRequest request, boolean own, RemoteFile file, Partial partial)
      throws IOException, InterruptedException {
    var movement = new Movement();
    try (var channel = partial.open()) {
      var response =
          api.transport().send(request, handler(channel, file, partial, movement), movement);
      int status = response.statusCode();
      if (REDIRECTS.contains(status)) {
        var location = response.headers().firstValue("Location").orElse("");
        return ServerUrl.follow(request.uri(), location);
      }
      if (status == 200 || status == 206) {
        if (partial.length() < file.size()) {
          throw new IOException(
              "the server sent %d of %d bytes".formatted(partial.length(), file.size()));
        }
        return null;
      }
      if (status == 416) {
        progress.add(-partial.length());
        partial.restart();
      }
      throw failure(own, file, response);
    }
  }

  /**
   * @param own whether the registry itself has answered, and not where it points to
   */
  private static IOException failure(boolean own, RemoteFile file, HttpResponse<byte[]> response) {
    var problem = ServerProblem.of(response.statusCode(), response.body());
    // An address of the store that is refused has expired: the registry hands out another.
    if (Transport.passing(problem.status()) || problem.status() == 416 || !own) {
      return new Retry.LaterException(problem, Transport.retryAfter(response));
    }
    throw new ProblemException(file.path(), problem);
  }

  private BodyHandler<byte[]> handler(
      FileChannel channel, RemoteFile file, Partial partial, Movement movement) {
    return info -> {
      movement.touch();
      if (info.statusCode() == 200 && partial.length() > 0) {
        // A server that does not know ranges sends everything again.
        progress.add(-partial.length());
        partial.restart();
      }
      if (info.statusCode() == 200 || (info.statusCode() == 206 && continues(info, partial))) {
        return sink(channel, file, partial, movement);
      }
      return BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_PROBLEM);
    };
  }

  private FileSink sink(FileChannel channel, RemoteFile file, Partial partial, Movement movement) {
    return new FileSink(
        channel,
        partial,
        file.size(),
        n -> {
          movement.touch();
          counts.bytesReceived.addAndGet(n);
          progress.add(n);
        });
  }

  private static boolean continues(HttpResponse.ResponseInfo info, Partial partial) {
    var range = RANGE.matcher(info.headers().firstValue("Content-Range").orElse(""));
    return range.matches() && Long.parseLong(range.group(1)) == partial.length();
  }
}
