package org.cairn.storage;

/**
 * An upload in parts to {@code key}.
 *
 * @param id the store's name for it
 */
public record MultipartUpload(ObjectKey key, String id) {

  /** Most parts of an upload: the limit of S3. */
  public static final int MAX_PARTS = 10_000;

  /** Smallest part but the last, in bytes: the limit of S3. */
  public static final long MIN_PART_SIZE = 5L << 20;

  /** Largest part in bytes: the limit of S3. */
  public static final long MAX_PART_SIZE = 5L << 30;

  public MultipartUpload {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an upload has an id");
    }
  }
}
