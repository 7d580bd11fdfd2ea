package org.cairn.tensor;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a safetensors file found.
 *
 * @param dataOffset of the first byte after the header
 * @param header everything before it; null where that is too long to be kept
 * @param tensors in the order of their bytes
 * @param fault why the file is not what the format says; it has no tensors then
 */
record SafetensorsIndex(
    long dataOffset,
    @Nullable ByteBuffer header,
    Map<String, String> metadata,
    List<IndexedTensor> tensors,
    @Nullable String fault) {

  static SafetensorsIndex faulty(String fault) {
    return new SafetensorsIndex(0, null, Map.of(), List.of(), fault);
  }
}
