package org.cairn.xet;

import org.cairn.artifact.MalformedContentException;

/**
 * What stands before each chunk of a xorb: a version (0), the length of what follows in three
 * bytes, how it is compressed, and its length without that in three bytes, all little-endian.
 *
 * @param stored bytes that follow
 * @param size bytes of the chunk
 */
record ChunkHeader(Scheme scheme, int stored, int size) {

  static final int BYTES = 8;

  /** Largest chunk that clients cut: twice the 64 KiB that they aim at. */
  static final int MAX_SIZE = 128 << 10;

  /** What compression may add to bytes that do not shrink; clients then send them as they are. */
  private static final int MAX_STORED = MAX_SIZE + (4 << 10);

  /** How a chunk is compressed; the number on the wire is the position. */
  enum Scheme {
    /** Not at all. */
    NONE,
    /** A frame of LZ4. */
    LZ4,
    /** Each fourth byte first, then the next ones, and that as a frame of LZ4. */
    GROUPED_LZ4
  }

  static ChunkHeader parse(byte[] bytes, int position) throws MalformedContentException {
    int version = bytes[position] & 0xff;
    if (version != 0) {
      throw new MalformedContentException("A chunk of version " + version + " is not known here");
    }
    int stored = length(bytes, position + 1);
    int scheme = bytes[position + 4] & 0xff;
    int size = length(bytes, position + 5);
    if (scheme >= Scheme.values().length) {
      throw new MalformedContentException("Compression " + scheme + " is not known here");
    }
    var header = new ChunkHeader(Scheme.values()[scheme], stored, size);
    if (size < 1 || size > MAX_SIZE) {
      throw new MalformedContentException(
          "A chunk has " + size + " bytes; it may have 1 to " + MAX_SIZE);
    }
    if (stored < 1 || stored > MAX_STORED || (header.scheme() == Scheme.NONE && stored != size)) {
      throw new MalformedContentException(
          "A chunk of " + size + " bytes cannot be stored in " + stored);
    }
    return header;
  }

  private static int length(byte[] bytes, int position) {
    return (bytes[position] & 0xff)
        | (bytes[position + 1] & 0xff) << 8
        | (bytes[position + 2] & 0xff) << 16;
  }
}
