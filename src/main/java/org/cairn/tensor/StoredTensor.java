package org.cairn.tensor;

import java.util.List;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A tensor in verified bytes.
 *
 * @param file digest of the safetensors file that it is in
 * @param dtype as the file spells it, such as {@code BF16}
 * @param shape extents; empty for a scalar
 * @param firstByte its offset in the file
 * @param size in bytes
 * @param sha256 of its bytes
 * @param looseSha256 of its bytes with every negative zero made a positive one
 * @param statistics null for types without an order, and for types that are not known
 */
public record StoredTensor(
    Sha256 file,
    String name,
    String dtype,
    List<Long> shape,
    long firstByte,
    long size,
    Sha256 sha256,
    Sha256 looseSha256,
    @Nullable TensorStatistics statistics) {}
