package org.cairn.artifact;

import java.time.Instant;
import org.cairn.platform.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A stored object that is not what it was. */
record DamagedView(
    @Schema(description = "Where it lies in the bucket") String key,
    @Schema(description = "What it should hash to") Sha256 sha256,
    @Schema(description = "In bytes, as it should be") @Nullable Long size,
    Damage damage,
    Instant damagedAt) {}
