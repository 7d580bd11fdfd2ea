package org.cairn.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** What a record consists of. Documented in docs/storage-layout.md. */
final class RecordFormat {

  static final String FORMAT = "cairn.record/1";

  private RecordFormat() {}

  /** Folder below {@link RecordName#ROOT} and rows, as a JSON object. */
  record Rows(String folder, String json) {}

  /** The rows as PostgreSQL wrote them, so that no number passes through a double. */
  static byte[] bytes(String kind, UUID subject, String rows) {
    var bytes = new ByteArrayOutputStream();
    try (var zipped = new GZIPOutputStream(bytes)) {
      zipped.write(
          "{\"format\":\"%s\",\"kind\":\"%s\",\"subject\":\"%s\",\"rows\":"
              .formatted(FORMAT, kind, subject)
              .getBytes(StandardCharsets.UTF_8));
      zipped.write(rows.getBytes(StandardCharsets.UTF_8));
      zipped.write('}');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
