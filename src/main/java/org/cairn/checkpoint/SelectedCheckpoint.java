package org.cairn.checkpoint;

import java.util.List;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that a {@link CheckpointSelection} leaves, as those need it who read its weights.
 *
 * @param position cumulative step along the chain of parents: the order of training
 * @param tokens seen up to here in the stage; null where nobody knows
 * @param sealed whether its weights can still change
 * @param files safetensors files of its weights, in the order of their paths; none where it has no
 *     such files or their bytes have not arrived
 */
public record SelectedCheckpoint(
    UUID id,
    String label,
    String stage,
    String branch,
    long step,
    long position,
    @Nullable Long tokens,
    boolean sealed,
    List<Sha256> files) {}
