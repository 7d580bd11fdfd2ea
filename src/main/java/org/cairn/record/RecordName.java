package org.cairn.record;

import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;

/**
 * What the key of a record says: {@code records/{folder}/{number}-{SHA-256}.json.gz}, where the
 * digest is that of the object's bytes.
 */
public record RecordName(String folder, long number, Sha256 digest) {

  /** Where all records are. */
  public static final ObjectKey ROOT = new ObjectKey("records");

  private static final Pattern KEY =
      Pattern.compile(
          ROOT + "/(?<folder>.+)/(?<number>[0-9]{12,18})-(?<digest>[0-9a-f]{64})\\.json\\.gz");

  /** Empty for what is no record. */
  public static Optional<RecordName> of(ObjectKey key) {
    var parts = KEY.matcher(key.value());
    return parts.matches()
        ? Optional.of(
            new RecordName(
                parts.group("folder"),
                Long.parseLong(parts.group("number")),
                new Sha256(parts.group("digest"))))
        : Optional.empty();
  }

  /** Where the record is. */
  public ObjectKey key() {
    return ObjectKey.of(ROOT.value(), folder, "%012d-%s.json.gz".formatted(number, digest.hex()));
  }
}
