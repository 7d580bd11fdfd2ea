package org.cairn.artifact;

import java.time.Instant;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * The stored bytes of a digest were found to be damaged, or right again. Observed in the
 * transaction that writes it down.
 *
 * @param damage null where they are right again
 * @param size that they should have
 * @param found size that they have; null where they are not there
 */
public record ArtifactCondition(
    Sha256 sha256,
    ObjectKey key,
    @Nullable Damage damage,
    long size,
    @Nullable Long found,
    Instant since) {}
