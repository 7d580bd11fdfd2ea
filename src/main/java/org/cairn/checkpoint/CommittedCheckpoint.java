package org.cairn.checkpoint;

import java.time.Instant;
import java.util.UUID;

/**
 * A checkpoint with the content that a commit names.
 *
 * @param commit 40 hexadecimal digits; never names other files than these
 * @param sealed whether the checkpoint keeps this content for ever
 * @param since when it was sealed; when it was registered, of one that is not
 */
public record CommittedCheckpoint(
    UUID id,
    String label,
    String stage,
    String branch,
    long step,
    String commit,
    boolean sealed,
    Instant since) {}
