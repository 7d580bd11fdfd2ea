package org.cairn.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;

/**
 * How records lie in the bucket: {@code records/{folder}/{number}-{SHA-256}.json.gz}, where the
 * digest is that of the object's bytes. Documented in docs/storage-layout.md.
 */
final class RecordFormat {

  static final String FORMAT = "cairn.record/1";

  static final ObjectKey ROOT = new ObjectKey("records");

  private static final Pattern KEY =
      Pattern.compile("(?<folder>.+)/(?<number>[0-9]{12,19})-(?<digest>[0-9a-f]{64})\\.json\\.gz");

  private RecordFormat() {}

  /** Folder below {@link #ROOT} and rows, as a JSON object. */
  record Rows(String folder, String json) {}

  /** What the name of a record says. */
  record Name(String folder, long number, Sha256 digest) {}

  static ObjectKey key(String folder, long number, Sha256 digest) {
    return ObjectKey.of(ROOT.value(), folder, "%012d-%s.json.gz".formatted(number, digest.hex()));
  }

  static Optional<Name> name(ObjectKey key) {
    var parts = KEY.matcher(key.value());
    return parts.matches()
        ? Optional.of(
            new Name(
                parts.group("folder"),
                Long.parseLong(parts.group("number")),
                new Sha256(parts.group("digest"))))
        : Optional.empty();
  }

  static Optional<Sha256> digestOf(ObjectKey key) {
    return name(key).map(Name::digest);
  }

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
