package org.cairn.checkpoint;

import org.cairn.artifact.ArtifactState;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** A file of a checkpoint and how far its bytes are. */
record CheckpointFileView(
    String path,
    Sha256 sha256,
    long size,
    FileRole role,
    String mediaType,
    @Nullable String representation,
    ArtifactState state) {}
