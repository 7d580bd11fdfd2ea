package org.cairn.storage;

import java.time.Instant;

/**
 * What the store says about an object.
 *
 * @param etag the store's own entity tag, without quotes; not a digest of the bytes
 */
public record ObjectInfo(ObjectKey key, long size, String etag, Instant lastModified) {}
