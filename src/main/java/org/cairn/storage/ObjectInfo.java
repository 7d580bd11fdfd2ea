package org.cairn.storage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store says about an object.
 *
 * @param etag the store's own entity tag, without quotes; not a digest of the bytes
 * @param contentType as it was written, where the store keeps that; null in a list
 */
public record ObjectInfo(
    ObjectKey key, long size, String etag, Instant lastModified, @Nullable String contentType) {}
