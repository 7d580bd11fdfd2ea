package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;

/**
 * Canonical JSON that manifests name by its digest. Large ones are made only where somebody asks
 * for the bytes, which is once, however many manifests name them.
 */
public record Document(Sha256 sha256, Supplier<byte[]> bytes) {

  static Document of(JsonNode json) {
    var bytes = CanonicalJson.bytes(json);
    return new Document(Sha256.of(bytes), () -> bytes);
  }
}
