package org.cairn.artifact;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * An upload as clients see it. Where the bytes were known before, only digest, size and state.
 *
 * @param bytesVerified how much has been hashed
 * @param actualSha256 what the bytes turned out to have
 * @param parts where to PUT the first parts; only in the answer that opens an upload
 */
record UploadView(
    @Nullable UUID id,
    Sha256 sha256,
    long size,
    @Nullable String mediaType,
    UploadState state,
    @Nullable Long partSize,
    @Nullable Integer partCount,
    @Nullable Long bytesVerified,
    @Nullable Sha256 actualSha256,
    @Nullable String failure,
    @Nullable List<PartTarget> parts,
    @Nullable Instant createdAt,
    @Nullable Instant expiresAt) {

  /** Nothing is to be sent. */
  static UploadView known(StoredArtifact artifact) {
    return new UploadView(
        null,
        artifact.sha256(),
        artifact.size(),
        artifact.mediaType(),
        UploadState.VERIFIED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  UploadView with(List<PartTarget> targets) {
    return new UploadView(
        id,
        sha256,
        size,
        mediaType,
        state,
        partSize,
        partCount,
        bytesVerified,
        actualSha256,
        failure,
        targets,
        createdAt,
        expiresAt);
  }
}
