package org.cairn.cli;

/**
 * How an upload is cut into parts: all of {@code partSize} but the last. The service decides; what
 * it says is checked, because lengths and offsets are computed from it.
 */
record PartPlan(long size, long partSize, int partCount) {

  /** Most parts of a multipart upload, by the rules of S3. */
  static final int MOST_PARTS = 10_000;

  PartPlan {
    if (partSize <= 0 || partCount < 1 || partCount > MOST_PARTS || size < 0) {
      throw odd(size, partSize, partCount);
    }
    var needed = size == 0 ? 1 : (size - 1) / partSize + 1;
    if (needed != partCount) {
      throw odd(size, partSize, partCount);
    }
  }

  long offset(int number) {
    return (require(number) - 1) * partSize;
  }

  long length(int number) {
    return Math.min(partSize, size - offset(number));
  }

  boolean has(long number) {
    return number >= 1 && number <= partCount;
  }

  private long require(int number) {
    if (!has(number)) {
      throw new IllegalArgumentException("no part " + number + " of " + partCount);
    }
    return number;
  }

  private static CliException odd(long size, long partSize, int partCount) {
    return new CliException(
        ExitCode.FAILED,
        "The server cuts %d bytes into %d parts of %d bytes, which does not add up"
            .formatted(size, partCount, partSize));
  }
}
