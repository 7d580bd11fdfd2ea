package org.cairn.xet;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.cairn.artifact.MalformedContentException;

/**
 * Reads a frame of LZ4 (github.com/lz4/lz4, doc/lz4_Frame_format.md) whose length is known before,
 * so that it can neither write nor allocate more than that. Its checksums are passed over: what it
 * is a part of has a digest.
 */
final class Lz4Frame {

  private static final int MAGIC = 0x184D2204;
  private static final int DICTIONARY = 1;
  private static final int CONTENT_CHECKSUM = 1 << 2;
  private static final int CONTENT_SIZE = 1 << 3;
  private static final int BLOCK_CHECKSUM = 1 << 4;
  private static final int INDEPENDENT = 1 << 5;

  // Neither native code nor unsafe memory, as the bytes are anybody's.
  private static final LZ4SafeDecompressor BLOCKS = LZ4Factory.safeInstance().safeDecompressor();

  private final byte[] frame;
  private final int end;
  private int position;

  private Lz4Frame(byte[] frame, int end) {
    this.frame = frame;
    this.end = end;
  }

  /** Reads the frame that {@code length} bytes are into the first {@code size} of {@code out}. */
  static void read(byte[] frame, int length, byte[] out, int size)
      throws MalformedContentException {
    new Lz4Frame(frame, length).read(out, size);
  }

  private void read(byte[] out, int size) throws MalformedContentException {
    if (number() != MAGIC) {
      throw malformed("has no frame of LZ4");
    }
    require(2);
    int flags = frame[position];
    if ((flags >> 6 & 3) != 1 || (flags & DICTIONARY) != 0 || (flags & INDEPENDENT) == 0) {
      throw malformed("has a frame of LZ4 of a kind that is not known here");
    }
    skip(2 + ((flags & CONTENT_SIZE) == 0 ? 0 : 8) + 1);
    int written = 0;
    for (int block = number(); block != 0; block = number()) {
      int length = block & Integer.MAX_VALUE;
      require(length);
      written += block(out, written, size - written, length, block < 0);
      skip(length + ((flags & BLOCK_CHECKSUM) == 0 ? 0 : 4));
    }
    skip((flags & CONTENT_CHECKSUM) == 0 ? 0 : 4);
    if (written != size || position != end) {
      throw malformed("is not as long as it says");
    }
  }

  private int block(byte[] out, int to, int room, int length, boolean plain)
      throws MalformedContentException {
    if (plain) {
      if (length > room) {
        throw malformed("is longer than it says");
      }
      System.arraycopy(frame, position, out, to, length);
      return length;
    }
    try {
      return BLOCKS.decompress(frame, position, length, out, to, room);
    } catch (LZ4Exception e) {
      throw malformed("cannot be decompressed");
    }
  }

  private int number() throws MalformedContentException {
    require(4);
    int number =
        (frame[position] & 0xff)
            | (frame[position + 1] & 0xff) << 8
            | (frame[position + 2] & 0xff) << 16
            | (frame[position + 3] & 0xff) << 24;
    position += 4;
    return number;
  }

  private void skip(int length) throws MalformedContentException {
    require(length);
    position += length;
  }

  private void require(int length) throws MalformedContentException {
    if (length > end - position) {
      throw malformed("is cut off");
    }
  }

  private static MalformedContentException malformed(String what) {
    return new MalformedContentException("A chunk " + what);
  }
}
