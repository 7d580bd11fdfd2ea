package org.cairn.artifact;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cairn.api.ClientGoneException;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.TransferConfig.Mode;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.PartInfo;
import org.jspecify.annotations.Nullable;

/** The part of uploads that talks to the store; always between transactions, never in one. */
@ApplicationScoped
class UploadTransfer {

  /** Parts whose addresses come with a new upload. */
  private static final int FIRST_PARTS = 4;

  private final UploadService uploads;
  private final ArtifactService artifacts;
  private final UploadCleaner cleaner;
  private final ObjectStore store;
  private final UploadConfig config;
  private final TransferConfig transfer;
  private final Clock clock;

  UploadTransfer(
      UploadService uploads,
      ArtifactService artifacts,
      UploadCleaner cleaner,
      ObjectStore store,
      UploadConfig config,
      TransferConfig transfer,
      Clock clock) {
    this.uploads = uploads;
    this.artifacts = artifacts;
    this.cleaner = cleaner;
    this.store = store;
    this.config = config;
    this.transfer = transfer;
    this.clock = clock;
  }

  /**
   * Opens an upload, unless the bytes are here.
   *
   * @param base address of this service, for the parts that are sent to it
   */
  UploadView open(@Nullable String idempotencyKey, CreateUploadRequest request, URI base) {
    var limit = config.maxSize().asLongValue();
    if (request.size() > limit) {
      throw new RegistryException(
          ProblemType.TOO_LARGE,
          "size: an artifact has at most " + limit + " bytes",
          List.of(new Problem.Violation("size", "must be at most " + limit)));
    }
    var known = artifacts.promised(request.sha256());
    if (known.isPresent()) {
      if (known.get().size() != request.size()) {
        throw RegistryException.invalid(
            "size", "the bytes of this digest are " + known.get().size() + " long");
      }
      return UploadView.known(known.get());
    }
    var started = start(request);
    UUID id;
    try {
      id = uploads.register(idempotencyKey, request, started);
    } catch (RuntimeException e) {
      abandon(started);
      throw e;
    }
    if (!id.equals(started.id())) {
      abandon(started); // the request is a repetition
    }
    var view = uploads.view(id);
    if (view.state() == UploadState.VERIFIED && artifacts.promised(request.sha256()).isEmpty()) {
      return open(null, request, base); // it was verified then, and what it brought is gone since
    }
    if (view.state() != UploadState.OPEN) {
      return view;
    }
    var upload = uploads.facts(id);
    var first = IntStream.rangeClosed(1, Math.min(FIRST_PARTS, upload.plan().partCount()));
    return view.with(
        first.mapToObj(number -> target(upload, number, base, transfer.urlLife())).toList());
  }

  private UploadFacts start(CreateUploadRequest request) {
    var id = UUID.randomUUID();
    var hex = request.sha256().hex();
    var key = ObjectKey.of("artifacts", hex.substring(0, 2), hex, id.toString());
    return new UploadFacts(
        id,
        request.sha256(),
        request.mediaTypeOrDefault(),
        PartPlan.of(request.size(), config.partSize().asLongValue()),
        store.startMultipart(key, request.mediaTypeOrDefault()),
        UploadState.OPEN,
        uploads.expiry());
  }

  /** Drops a multipart upload that no row knows; what stays, the sweep finds. */
  private void abandon(UploadFacts upload) {
    try {
      store.abortMultipart(upload.multipart());
    } catch (ObjectStoreException e) {
      Log.warnf(e, "Multipart upload %s is left to the sweep", upload.multipart());
    }
  }

  /** Where to PUT these parts. */
  List<PartTarget> targets(UUID id, List<Integer> numbers, URI base) {
    var upload = uploads.forSending(id);
    for (int i = 0; i < numbers.size(); i++) {
      checkNumber("numbers[" + i + "]", upload, numbers.get(i));
    }
    return numbers.stream()
        .map(number -> target(upload, number, base, transfer.urlLife()))
        .toList();
  }

  /** Where to PUT a part; an address of the store works for {@code life}. */
  PartTarget target(UploadFacts upload, int number, URI base, Duration life) {
    var size = upload.plan().sizeOf(number);
    if (transfer.mode() == Mode.PROXIED) {
      return new PartTarget(
          number,
          size,
          base.resolve("/v1/uploads/" + upload.id() + "/parts/" + number),
          upload.expiresAt());
    }
    // Read before signing: the address lives a little longer than is said.
    var expiresAt = clock.instant().plus(life);
    var url = store.presignPart(upload.multipart(), number, life);
    return new PartTarget(number, size, url, expiresAt);
  }

  /**
   * Passes a part on to the store, as it comes in.
   *
   * @param length what the request says it sends; negative where it does not say
   */
  PartInfo put(UUID id, int number, InputStream bytes, long length) {
    if (transfer.mode() != Mode.PROXIED) {
      throw RegistryException.conflict(
          "Parts go to the object store here: POST their numbers to /v1/uploads/"
              + id
              + "/parts and PUT them to the addresses in the answer");
    }
    var upload = uploads.forSending(id);
    checkNumber("number", upload, number);
    var size = upload.plan().sizeOf(number);
    if (length != size) {
      throw RegistryException.invalid(
          "Content-Length", "part " + number + " has " + size + " bytes");
    }
    return whileOpen(
        id,
        () -> {
          try {
            return store.putPart(upload.multipart(), number, bytes, size);
          } catch (IOException e) {
            throw new ClientGoneException(e);
          }
        });
  }

  private static void checkNumber(String field, UploadFacts upload, int number) {
    if (!upload.plan().has(number)) {
      throw RegistryException.invalid(
          field, "parts are numbered 1 to " + upload.plan().partCount());
    }
  }

  /** What has arrived. */
  PartsView parts(UUID id) {
    var upload = uploads.forSending(id);
    var arrived = whileOpen(id, () -> store.listParts(upload.multipart()));
    return new PartsView(
        arrived.stream()
            .map(part -> new PartsView.ArrivedPart(part.number(), part.size(), part.etag()))
            .toList(),
        PartCheck.of(upload.plan(), arrived).toSend(upload.plan()));
  }

  /** All parts were sent: checks that, and has the bytes verified. */
  UploadView complete(UUID id) {
    var upload = uploads.facts(id);
    if (upload.state() == UploadState.OPEN) {
      try {
        var check = PartCheck.of(upload.plan(), store.listParts(upload.multipart()));
        if (!check.passed() && uploads.facts(id).state() == UploadState.OPEN) {
          throw check.problem();
        }
      } catch (ObjectStoreException e) {
        if (e.kind() != Kind.NOT_FOUND) {
          throw e;
        }
        // Somebody else completed it meanwhile, or it is lost.
        if (uploads.facts(id).state() == UploadState.OPEN) {
          throw lost(id, e);
        }
      }
    }
    return uploads.beginVerification(id);
  }

  /** Reads an upload; waits while it is being verified, up to {@code patience}. */
  UploadView await(UUID id, Duration patience) throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    var view = uploads.view(id);
    for (long pause = 20; view.state() == UploadState.VERIFYING; pause = Math.min(2 * pause, 200)) {
      var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        break;
      }
      Thread.sleep(Math.min(pause, left));
      view = uploads.view(id);
    }
    return view;
  }

  /** Gives an upload up. */
  void abort(UUID id) {
    uploads.abort(id, null);
    cleaner.discard(uploads.facts(id));
  }

  /** The store knows an open upload, unless it is being completed or somebody else dropped it. */
  private <T> T whileOpen(UUID id, Supplier<T> call) {
    try {
      return call.get();
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      throw lost(id, e);
    }
  }

  private RegistryException lost(UUID id, ObjectStoreException e) {
    if (uploads.facts(id).state() == UploadState.OPEN) {
      Log.errorf(e, "The parts of upload %s are gone from the store", id);
      uploads.abort(id, "The object store no longer has the parts");
    }
    return new RegistryException(
        ProblemType.UPLOAD_CLOSED,
        "Upload " + id + " is " + uploads.facts(id).state().text() + ": it takes no parts");
  }
}
