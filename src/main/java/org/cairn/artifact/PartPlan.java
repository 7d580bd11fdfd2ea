package org.cairn.artifact;

import org.cairn.storage.MultipartUpload;

/** How {@code size} bytes are cut into parts: equal ones and a shorter last. */
record PartPlan(long size, long partSize, int partCount) {

  private static final long MIB = 1L << 20;

  /**
   * Parts of {@code wanted} bytes, or larger ones where those would be too many. No bytes are one
   * empty part.
   */
  static PartPlan of(long size, long wanted) {
    var most = MultipartUpload.MAX_PARTS;
    var least = Math.ceilDiv(Math.ceilDiv(size, most), MIB) * MIB;
    var allowed = Math.clamp(wanted, MultipartUpload.MIN_PART_SIZE, MultipartUpload.MAX_PART_SIZE);
    var partSize = Math.max(allowed, least);
    return new PartPlan(size, partSize, Math.max(1, Math.toIntExact(Math.ceilDiv(size, partSize))));
  }

  boolean has(int number) {
    return number >= 1 && number <= partCount;
  }

  /** Size of part {@code number}. */
  long sizeOf(int number) {
    return number < partCount ? partSize : size - partSize * (partCount - 1);
  }
}
