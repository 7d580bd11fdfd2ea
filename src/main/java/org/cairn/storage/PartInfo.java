package org.cairn.storage;

/**
 * A part that the store holds.
 *
 * @param number 1 to {@value MultipartUpload#MAX_PARTS}
 * @param etag the store's own entity tag, without quotes
 */
public record PartInfo(int number, long size, String etag) {

  public PartInfo {
    if (number < 1 || number > MultipartUpload.MAX_PARTS) {
      throw new IllegalArgumentException(
          "a part is numbered 1 to " + MultipartUpload.MAX_PARTS + ", not " + number);
    }
  }
}
