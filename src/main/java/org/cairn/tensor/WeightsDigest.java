package org.cairn.tensor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;

/**
 * The digest of a set of tensors, whatever files they are in: SHA-256 of the canonical JSON (RFC
 * 8785) of {@code [{name, dtype, shape, sha256}, ...]} sorted by the code points of the names.
 * OTRRS 1.0.0, section 3.1.
 *
 * @param strict of the bytes as they are
 * @param loose with every negative zero made a positive one
 */
public record WeightsDigest(Sha256 strict, Sha256 loose) {

  /** Takes the tensors one after the other: there may be more than one wants to hold. */
  static final class Builder {
    private final MessageDigest strict = Sha256.newDigest();
    private final MessageDigest loose = Sha256.newDigest();
    private boolean empty = true;

    /** Takes the next tensor in the order of the names. */
    void add(String name, String dtype, List<Long> shape, Sha256 sha256, Sha256 looseSha256) {
      var entry = JsonNodeFactory.instance.objectNode().put("name", name).put("dtype", dtype);
      var extents = entry.putArray("shape");
      shape.forEach(extents::add);
      update(strict, entry.put("sha256", sha256.hex()));
      update(loose, entry.put("sha256", looseSha256.hex()));
      empty = false;
    }

    private void update(MessageDigest digest, ObjectNode entry) {
      digest.update((byte) (empty ? '[' : ','));
      digest.update(CanonicalJson.bytes(entry));
    }

    WeightsDigest result() {
      var end = (empty ? "[]" : "]").getBytes(StandardCharsets.US_ASCII);
      strict.update(end);
      loose.update(end);
      return new WeightsDigest(Sha256.of(strict), Sha256.of(loose));
    }
  }
}
