package org.cairn.run;

import org.jspecify.annotations.Nullable;

/** Which parts of the parent's state were carried over; absent where nobody said. */
public record Loads(
    @Nullable Boolean weights,
    @Nullable Boolean optimizer,
    @Nullable Boolean scheduler,
    @Nullable Boolean rng,
    @Nullable Boolean dataloader) {}
