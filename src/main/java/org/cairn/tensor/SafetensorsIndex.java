package org.cairn.tensor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a safetensors file found.
 *
 * @param dataOffset of the first byte after the header
 * @param tensors in the order of their bytes
 * @param fault why the file is not what the format says; it has no tensors then
 */
record SafetensorsIndex(
    long dataOffset,
    Map<String, String> metadata,
    List<IndexedTensor> tensors,
    @Nullable String fault) {

  static SafetensorsIndex faulty(String fault) {
    return new SafetensorsIndex(0, Map.of(), List.of(), fault);
  }
}
