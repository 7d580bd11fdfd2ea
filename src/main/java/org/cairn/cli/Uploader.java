package org.cairn.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cairn.cli.PartSender.GoneException;
import org.cairn.cli.UploadApi.Arrived;
import org.cairn.cli.UploadApi.Upload;
import org.cairn.platform.FileRoles;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Brings bytes to the registry: each digest once, whatever number of files has it, and continuing
 * what an earlier publication has begun. What is sent is not believed to be right until the service
 * has hashed it; {@link Verification} waits for that.
 */
final class Uploader implements AutoCloseable {

  /** How an upload may have to begin again because the service gave up on it. */
  private static final int BEGINNINGS = 3;

  private final UploadApi api;
  private final int jobs;
  private final Semaphore inFlight;
  private final Progress progress;
  private final PublishCounts counts;
  private final ExecutorService executor;
  private final Map<Sha256, CompletableFuture<Void>> begun = new ConcurrentHashMap<>();
  private final Map<Sha256, Upload> sent = new ConcurrentHashMap<>();
  private final Map<Sha256, Upload> toContinue;
  private volatile @Nullable CliException stopped;

  /**
   * @param toContinue uploads that were open or being verified when this publication began
   * @param jobs parts in flight at a time
   */
  Uploader(
      UploadApi api,
      Map<Sha256, Upload> toContinue,
      int jobs,
      Progress progress,
      PublishCounts counts) {
    this.api = api;
    this.toContinue = new ConcurrentHashMap<>(toContinue);
    this.jobs = jobs;
    this.inFlight = new Semaphore(jobs);
    this.progress = progress;
    this.counts = counts;
    this.executor = Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory());
  }

  /** Digests that need not be sent. */
  void known(Collection<Sha256> digests) {
    digests.forEach(digest -> begun.put(digest, CompletableFuture.completedFuture(null)));
    counts.artifactsKnown.addAndGet(digests.size());
  }

  /** Begins to send a file unless its digest is known or on its way; done when all has arrived. */
  CompletableFuture<Void> submit(LocalFile file, Sha256 digest) {
    return begun.computeIfAbsent(
        digest, key -> CompletableFuture.runAsync(() -> upload(file, digest), executor));
  }

  /** The upload that brought the bytes of a digest in this publication, if they need verifying. */
  @Nullable Upload sent(Sha256 digest) {
    return sent.get(digest);
  }

  private void upload(LocalFile file, Sha256 digest) {
    var failure = stopped;
    if (failure != null) {
      throw new CliException(failure.exitCode(), file.path() + ": not sent; " + failure.text());
    }
    try {
      for (int beginning = 1; ; beginning++) {
        try {
          var upload = uploadOnce(file, digest);
          if (!upload.is("verified")) {
            sent.put(digest, upload);
          }
          counts.artifactsUploaded.incrementAndGet();
          return;
        } catch (GoneException e) {
          if (beginning == BEGINNINGS) {
            throw new CliException(
                ExitCode.FAILED, file.path() + ": the upload is lost again and again", e);
          }
        }
      }
    } catch (IOException e) {
      throw FolderWalk.unreadable(file.path(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.FAILED, file.path() + ": interrupted", e);
    } catch (CliException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        stopped = e; // the others would wait as long and fail alike
      }
      throw e;
    }
  }

  private Upload uploadOnce(LocalFile file, Sha256 digest)
      throws IOException, InterruptedException {
    var earlier = toContinue.remove(digest);
    var continued = earlier != null && earlier.size() == file.size();
    var upload =
        earlier != null && continued
            ? api.get(earlier.id(), 0)
            : api.start(digest, file.size(), FileRoles.mediaType(file.name()));
    if (upload.is("verified") || upload.is("verifying")) {
      progress.skip(file.size());
      return upload;
    }
    if (!upload.is("open")) {
      throw new GoneException("upload " + upload.id() + " is " + upload.state());
    }
    if (continued) {
      counts.uploadsContinued.incrementAndGet();
    }
    try {
      sendParts(file, upload, continued ? api.arrived(upload) : Map.of());
    } catch (GoneException e) {
      // Another client may have continued the same upload and been quicker.
      var now = api.get(upload.id(), 0);
      if (now.is("verifying") || now.is("verified")) {
        return now;
      }
      throw e;
    }
    return complete(file, upload);
  }

  private Upload complete(LocalFile file, Upload upload) throws IOException, InterruptedException {
    try {
      return api.complete(upload);
    } catch (ProblemException e) {
      if (e.problem().is("upload-mismatch")) {
        sendParts(file, upload, api.arrived(upload));
        return api.complete(upload);
      }
      // The answer to an earlier attempt may have been lost on its way.
      if (e.problem().is("upload-closed")) {
        var now = api.get(upload.id(), 0);
        if (now.is("verifying") || now.is("verified")) {
          return now;
        }
        throw new GoneException("upload " + upload.id() + " is " + now.state());
      }
      if (e.status() == 404) {
        throw new GoneException("upload " + upload.id() + " is gone");
      }
      throw e;
    }
  }

  /** Sends what has not arrived, the parts of a large file side by side. */
  private void sendParts(LocalFile file, Upload upload, Map<Integer, Arrived> arrived)
      throws IOException, InterruptedException {
    var sender = new PartSender(api, upload, file.path(), inFlight, progress, counts);
    var plan = upload.parts();
    var width = Math.min(jobs, plan.partCount());
    if (plan.partCount() == 1) {
      sendPart(file, plan, 1, arrived.get(1), sender);
      return;
    }
    var next = new AtomicInteger(1);
    List<Callable<@Nullable GoneException>> workers =
        IntStream.range(0, width)
            .<Callable<@Nullable GoneException>>mapToObj(
                i -> () -> sendSome(file, plan, next, arrived, sender))
            .collect(Collectors.toCollection(ArrayList::new));
    for (var gone : Parallel.all(width, workers)) {
      if (gone != null) {
        throw gone;
      }
    }
  }

  /** A failure that a new upload mends is a result, not an exception that ends the others. */
  private @Nullable GoneException sendSome(
      LocalFile file,
      PartPlan plan,
      AtomicInteger next,
      Map<Integer, Arrived> arrived,
      PartSender sender)
      throws IOException, InterruptedException {
    try {
      for (int number; (number = next.getAndIncrement()) <= plan.partCount(); ) {
        sendPart(file, plan, number, arrived.get(number), sender);
      }
      return null;
    } catch (GoneException e) {
      next.set(plan.partCount() + 1);
      return e;
    }
  }

  private void sendPart(
      LocalFile file, PartPlan plan, int number, @Nullable Arrived there, PartSender sender)
      throws IOException, InterruptedException {
    if (there != null && same(file, plan, number, there)) {
      counts.partsAlreadyThere.incrementAndGet();
      progress.skip(plan.length(number));
    } else {
      sender.send(number);
    }
  }

  /** Whether the part that has arrived is the one that would be sent. */
  private static boolean same(LocalFile file, PartPlan plan, int number, Arrived there)
      throws IOException {
    return there.size() == plan.length(number)
        && there.etag().matches("[0-9a-f]{32}")
        && there.etag().equals(Region.md5(file.path(), plan.offset(number), plan.length(number)));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
