package org.cairn.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cairn.cli.UploadApi.Upload;
import org.cairn.platform.Sha256;

/** Waits until the service has hashed what was sent, and says which file was not what it was. */
final class Verification {

  /** Longest that one question may wait for its answer. */
  private static final int WAIT_SECONDS = 20;

  /** With no progress for so long, something other than work is in the way. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final UploadApi api;
  private final Uploader uploader;

  Verification(UploadApi api, Uploader uploader) {
    this.api = api;
    this.uploader = uploader;
  }

  /**
   * Waits for these files.
   *
   * @return what went wrong, one line for each file; empty when all are verified
   */
  List<String> await(Map<Sha256, LocalFile> files) {
    var waiting = new LinkedHashMap<Sha256, LocalFile>(files);
    waiting.keySet().removeIf(digest -> uploader.sent(digest) == null);
    var failures = new ArrayList<String>();
    var lastProgress = System.nanoTime();
    while (!waiting.isEmpty()) {
      var before = waiting.size();
      api.known(waiting.keySet()).forEach(waiting::remove);
      if (waiting.isEmpty()) {
        break;
      }
      var first = waiting.firstEntry();
      var sent = uploader.sent(first.getKey());
      if (sent != null) {
        var now = api.get(sent.id(), WAIT_SECONDS);
        if (now.is("verified")) {
          waiting.remove(first.getKey());
        } else if (!now.is("verifying")) {
          waiting.remove(first.getKey());
          failures.add(explain(first.getValue(), now));
        }
      }
      if (waiting.size() < before) {
        lastProgress = System.nanoTime();
      } else if (System.nanoTime() - lastProgress < PATIENCE.toNanos()) {
        pause();
      } else {
        failures.add(
            "%d files wait for verification and nothing happens; publish again later"
                .formatted(waiting.size()));
        break;
      }
    }
    return failures;
  }

  /** A service that does not wait for us must not be asked in a tight loop. */
  static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.FAILED, "interrupted", e);
    }
  }

  private static String explain(LocalFile file, Upload upload) {
    var actual = upload.actualSha256();
    if (actual != null && !actual.equals(upload.sha256().hex())) {
      return "%s changed while it was being published: it was sha256 %s, what arrived is %s"
          .formatted(file.path(), upload.sha256(), actual);
    }
    var failure = upload.failure();
    return "%s was not verified: upload %s is %s%s"
        .formatted(
            file.path(), upload.id(), upload.state(), failure == null ? "" : " (" + failure + ")");
  }
}
