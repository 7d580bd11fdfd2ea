package org.cairn.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.cairn.cli.Transport.Movement;

/**
 * Sends the parts of one file. Addresses are asked for a few at a time, just before they are used:
 * they live for minutes, and a file may take hours.
 */
final class PartSender {

  /** So many addresses are asked for at once. */
  private static final int AHEAD = 8;

  /** After so many refusals of one part it is not the age of the address that is wrong. */
  private static final int MOST_REFUSALS = 3;

  private static final int LARGEST_ANSWER = 1 << 20;

  /** The store no longer knows the upload: it expired or was aborted. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1;

    GoneException(String message) {
      super(message);
    }
  }

  private final UploadApi api;
  private final UploadApi.Upload upload;
  private final PartPlan plan;
  private final Path path;
  private final Semaphore inFlight;
  private final Progress progress;
  private final PublishCounts counts;
  private final Map<Integer, URI> targets;

  PartSender(
      UploadApi api,
      UploadApi.Upload upload,
      Path path,
      Semaphore inFlight,
      Progress progress,
      PublishCounts counts) {
    this.api = api;
    this.upload = upload;
    this.plan = upload.parts();
    this.path = path;
    this.inFlight = inFlight;
    this.progress = progress;
    this.counts = counts;
    this.targets = new ConcurrentHashMap<>(upload.targets());
  }

  /**
   * Sends a part, several times if need be.
   *
   * @throws GoneException where the upload is over, so that only a new one helps
   */
  void send(int number) throws GoneException, InterruptedException {
    var refusals = new AtomicInteger();
    inFlight.acquire();
    try {
      var gone =
          Retry.PATIENT.<Boolean>run(
              "Sending part %d of %s".formatted(number, path), () -> attempt(number, refusals));
      if (gone) {
        throw new GoneException("upload " + upload.id() + " is gone");
      }
      counts.partsSent.incrementAndGet();
    } finally {
      inFlight.release();
    }
  }

  /** Sends the part once; true where the upload is gone. */
  private boolean attempt(int number, AtomicInteger refusals)
      throws IOException, InterruptedException {
    var target = target(number);
    var movement = new Movement();
    var moved = new AtomicLong();
    boolean done = false;
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() < plan.offset(number) + plan.length(number)) {
        throw new CliException(
            ExitCode.FAILED, path + " became shorter while it was being published");
      }
      var body =
          publisher(
              channel,
              number,
              n -> {
                movement.touch();
                moved.addAndGet(n);
                counts.bytesSent.addAndGet(n);
                progress.add(n);
              });
      var response =
          api.api()
              .transport()
              .send(
                  HttpRequest.newBuilder(target).PUT(body).build(),
                  BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER),
                  movement);
      done = response.statusCode() < 300;
      return !done && goneOrLater(number, response, refusals);
    } finally {
      if (!done) {
        progress.add(-moved.get());
      }
    }
  }

  private boolean goneOrLater(int number, HttpResponse<byte[]> response, AtomicInteger refusals)
      throws Retry.LaterException {
    int status = response.statusCode();
    if (status == 404 || status == 409) {
      return true;
    }
    // An address that has expired is refused in one of several ways; the next attempt asks anew.
    targets.remove(number);
    var problem = ServerProblem.of(status, response.body());
    var refused = !Transport.passing(status);
    if (refused && refusals.incrementAndGet() >= MOST_REFUSALS) {
      throw new ProblemException("Sending part %d of %s".formatted(number, path), problem);
    }
    throw new Retry.LaterException(problem, Transport.retryAfter(response));
  }

  private BodyPublisher publisher(FileChannel channel, int number, LongConsumer read) {
    var length = plan.length(number);
    return length == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(
            BodyPublishers.ofInputStream(
                () -> new Region(channel, plan.offset(number), length, read)),
            length);
  }

  private synchronized URI target(int number) {
    var known = targets.get(number);
    if (known == null) {
      var numbers =
          IntStream.range(number, Math.min(number + AHEAD, plan.partCount() + 1))
              .filter(other -> other == number || !targets.containsKey(other))
              .boxed()
              .toList();
      targets.putAll(api.sign(upload, numbers));
      known = targets.get(number);
      if (known == null) {
        throw new CliException(
            ExitCode.FAILED,
            "The server gave no address for part %d of %s".formatted(number, path));
      }
    }
    return known;
  }
}
