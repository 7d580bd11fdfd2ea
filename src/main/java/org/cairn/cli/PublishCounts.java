package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What a publication has done so far. */
final class PublishCounts {

  final AtomicLong filesHashed = new AtomicLong();
  final AtomicLong bytesHashed = new AtomicLong();
  final AtomicLong artifactsKnown = new AtomicLong();
  final AtomicLong artifactsUploaded = new AtomicLong();
  final AtomicLong uploadsContinued = new AtomicLong();
  final AtomicLong partsSent = new AtomicLong();
  final AtomicLong partsAlreadyThere = new AtomicLong();
  final AtomicLong bytesSent = new AtomicLong();
  final AtomicLong runsCreated = new AtomicLong();
  final AtomicLong datasetVersionsCreated = new AtomicLong();
  final AtomicLong runFilesRegistered = new AtomicLong();
  final AtomicLong checkpointsRegistered = new AtomicLong();
  final AtomicLong checkpointsAlreadyThere = new AtomicLong();
  final AtomicLong sealed = new AtomicLong();
  final AtomicLong sealedBefore = new AtomicLong();

  final Failures failures = new Failures();

  private final long started = System.nanoTime();

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  ObjectNode json() {
    var json =
        Json.object()
            .put("filesHashed", filesHashed.get())
            .put("bytesHashed", bytesHashed.get())
            .put("artifactsKnown", artifactsKnown.get())
            .put("artifactsUploaded", artifactsUploaded.get())
            .put("uploadsContinued", uploadsContinued.get())
            .put("partsSent", partsSent.get())
            .put("partsAlreadyThere", partsAlreadyThere.get())
            .put("bytesSent", bytesSent.get())
            .put("runsCreated", runsCreated.get())
            .put("datasetVersionsCreated", datasetVersionsCreated.get())
            .put("runFilesRegistered", runFilesRegistered.get())
            .put("checkpointsRegistered", checkpointsRegistered.get())
            .put("checkpointsAlreadyThere", checkpointsAlreadyThere.get())
            .put("sealed", sealed.get())
            .put("sealedBefore", sealedBefore.get())
            .put("elapsedMillis", elapsed().toMillis());
    var list = json.putArray("failures");
    failures.texts().forEach(list::add);
    return json;
  }

  /** One sentence for people. */
  String text() {
    return "%d files hashed; %d artifacts uploaded (%s in %d parts), %d known; %d checkpoints registered, %d there; %d sealed, %d sealed before; %s"
        .formatted(
            filesHashed.get(),
            artifactsUploaded.get(),
            Sizes.bytes(bytesSent.get()),
            partsSent.get(),
            artifactsKnown.get(),
            checkpointsRegistered.get(),
            checkpointsAlreadyThere.get(),
            sealed.get(),
            sealedBefore.get(),
            Sizes.time(elapsed()));
  }
}
