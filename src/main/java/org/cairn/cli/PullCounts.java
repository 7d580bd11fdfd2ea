package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What a pull has done so far. */
final class PullCounts {

  final AtomicLong files = new AtomicLong();
  final AtomicLong filesRight = new AtomicLong();
  final AtomicLong filesCopied = new AtomicLong();
  final AtomicLong artifactsDownloaded = new AtomicLong();
  final AtomicLong bytesReceived = new AtomicLong();
  final AtomicLong bytesResumed = new AtomicLong();

  final Failures failures = new Failures();

  private final long started = System.nanoTime();

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  ObjectNode json() {
    var json =
        Json.object()
            .put("files", files.get())
            .put("filesRight", filesRight.get())
            .put("filesCopied", filesCopied.get())
            .put("artifactsDownloaded", artifactsDownloaded.get())
            .put("bytesReceived", bytesReceived.get())
            .put("bytesResumed", bytesResumed.get())
            .put("elapsedMillis", elapsed().toMillis());
    var list = json.putArray("failures");
    failures.texts().forEach(list::add);
    return json;
  }

  String text() {
    return "%d files: %d were right already, %d artifacts downloaded (%s), %d copied; %s"
        .formatted(
            files.get(),
            filesRight.get(),
            artifactsDownloaded.get(),
            Sizes.bytes(bytesReceived.get()),
            filesCopied.get(),
            Sizes.time(elapsed()));
  }
}
