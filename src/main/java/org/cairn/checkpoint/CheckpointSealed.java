package org.cairn.checkpoint;

import java.util.UUID;

/** A checkpoint of this run was sealed; told in the transaction that seals it. */
public record CheckpointSealed(UUID runId) {}
