package org.cairn.tensor;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that was looked at.
 *
 * @param fault why it is not a safetensors file; it has no tensors then
 */
public record IndexedFile(int tensors, Map<String, String> metadata, @Nullable String fault) {}
