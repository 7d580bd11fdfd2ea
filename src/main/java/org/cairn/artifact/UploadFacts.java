package org.cairn.artifact;

import java.time.Instant;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.storage.MultipartUpload;

/** An upload as a transaction saw it; all but the state and the expiry hold for ever. */
record UploadFacts(
    UUID id,
    Sha256 sha256,
    String mediaType,
    PartPlan plan,
    MultipartUpload multipart,
    UploadState state,
    Instant expiresAt) {}
