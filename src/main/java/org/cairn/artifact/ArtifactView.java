package org.cairn.artifact;

import java.time.Instant;
import org.cairn.platform.Sha256;

/** Verified bytes. */
public record ArtifactView(Sha256 sha256, long size, String mediaType, Instant verifiedAt) {}
