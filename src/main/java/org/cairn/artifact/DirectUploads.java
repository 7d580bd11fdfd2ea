package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectStore;

/**
 * Uploads for clients of other protocols: they are told all addresses at once, may forget to say
 * that they are done, and then name what they sent by its digest.
 */
@ApplicationScoped
public class DirectUploads {

  /** Such a client cannot ask for another address while it sends a file of many hours. */
  private static final Duration LIFE = Duration.ofDays(1);

  /** Most unfinished uploads of one digest that are looked at, the newest first. */
  private static final int ATTEMPTS = 4;

  private final UploadTransfer transfer;
  private final UploadService uploads;
  private final ArtifactService artifacts;
  private final ObjectStore store;

  DirectUploads(
      UploadTransfer transfer,
      UploadService uploads,
      ArtifactService artifacts,
      ObjectStore store) {
    this.transfer = transfer;
    this.uploads = uploads;
    this.artifacts = artifacts;
    this.store = store;
  }

  /**
   * An upload that was opened.
   *
   * @param parts where to PUT each part of {@code partSize} bytes, the last of which is shorter
   */
  public record Opened(UUID id, long partSize, List<URI> parts) {}

  /**
   * Opens an upload; empty where the bytes are here.
   *
   * @param base address of this service, for the parts that are sent to it
   */
  public Optional<Opened> open(Sha256 sha256, long size, URI base) {
    var id = transfer.open(null, new CreateUploadRequest(sha256, size, null), base).id();
    if (id == null) {
      return Optional.empty();
    }
    var upload = uploads.forSending(id);
    var parts =
        IntStream.rangeClosed(1, upload.plan().partCount())
            .mapToObj(number -> transfer.target(upload, number, base, LIFE).url())
            .toList();
    return Optional.of(new Opened(id, upload.plan().partSize(), parts));
  }

  /** All parts were sent: has the bytes verified. May be said again. */
  public void complete(UUID id) {
    var _ = transfer.complete(id);
  }

  /** Hands bytes on to the store, unless they are there, and has them verified. */
  public void send(Map<Sha256, byte[]> files) {
    var statuses = artifacts.promise(files.keySet());
    files.forEach((sha256, bytes) -> {
      var status = statuses.get(sha256);
      if (status == null
          || (status.state() != ArtifactState.VERIFIED
              && status.state() != ArtifactState.VERIFYING)) {
        send(sha256, bytes);
      }
    });
  }

  private void send(Sha256 sha256, byte[] bytes) {
    var request = new CreateUploadRequest(sha256, (long) bytes.length, null);
    var id = transfer.open(null, request, URI.create("/")).id();
    if (id == null) {
      return;
    }
    var upload = uploads.forSending(id);
    var plan = upload.plan();
    // Not every store takes an empty part, and nobody misses it.
    for (int number = 1; plan.size() > 0 && number <= plan.partCount(); number++) {
      int size = (int) plan.sizeOf(number);
      int from = (int) (plan.partSize() * (number - 1));
      try {
        var _ =
            store.putPart(
                upload.multipart(), number, new ByteArrayInputStream(bytes, from, size), size);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    complete(id);
  }

  /**
   * How digests stand, after uploads that nobody said were complete have been looked at, and what
   * is being verified has been waited for, up to {@code patience}.
   */
  public Map<Sha256, ArtifactStatus> settle(Collection<Sha256> digests, Duration patience)
      throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    var statuses = artifacts.promise(digests);
    if (complete(of(statuses, ArtifactState.MISSING, ArtifactState.DAMAGED))) {
      statuses = artifacts.promise(digests);
    }
    for (long pause = 20;
        !of(statuses, ArtifactState.VERIFYING).isEmpty();
        pause = Math.min(2 * pause, 200)) {
      var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        break;
      }
      Thread.sleep(Math.min(pause, left));
      statuses = artifacts.promise(digests);
    }
    return statuses;
  }

  private static List<Sha256> of(Map<Sha256, ArtifactStatus> statuses, ArtifactState... states) {
    var wanted = Set.of(states);
    return statuses.entrySet().stream()
        .filter(status -> wanted.contains(status.getValue().state()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether any of them was complete. */
  private boolean complete(List<Sha256> digests) {
    boolean any = false;
    for (var ids : uploads.open(digests, ATTEMPTS).values()) {
      any |= ids.stream().anyMatch(this::isComplete);
    }
    return any;
  }

  private boolean isComplete(UUID id) {
    try {
      complete(id);
      return true;
    } catch (RegistryException e) {
      if (e.type() == ProblemType.UNAVAILABLE) {
        throw e;
      }
      return false;
    }
  }
}
