package org.cairn.tensor;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.cairn.storage.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a slice, one block after the other. Blocks that lie near each other are read with
 * one request, and what is between them is skipped: a request costs as much as these bytes.
 */
final class SliceStream extends InputStream {

  private static final long NEAR = 256 << 10;
  private static final int BUFFER = 64 << 10;

  /** Blocks of one request. */
  private static final int MOST = 1 << 16;

  /** Opens a part of the tensor, by offsets from its beginning. */
  interface Opener {
    InputStream open(ByteRange range) throws IOException;
  }

  private final SliceBlocks blocks;
  private final Opener opener;
  private final long end;

  /** Position in the bytes of the slice. */
  private long position;

  private @Nullable InputStream stream;

  /** Position in the tensor of the next byte of the stream, and where the stream ends. */
  private long at;

  private long streamEnd;

  /**
   * @param from position in the bytes of the slice
   * @param length bytes from there on
   */
  SliceStream(SliceBlocks blocks, Opener opener, long from, long length) {
    this.blocks = blocks;
    this.opener = opener;
    this.position = from;
    this.end = from + length;
  }

  /** Fills the buffer across blocks: a block may be one element. */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length > 0 && position == end) {
      return -1;
    }
    int done = 0;
    while (done < length && position < end) {
      long block = position / blocks.size();
      long within = position % blocks.size();
      var open = seek(block, blocks.offset(block) + within);
      int some = (int) Math.min(length - done, Math.min(blocks.size() - within, end - position));
      int read = open.read(buffer, offset + done, some);
      if (read < 0) {
        throw new EOFException("the store has less than the index says");
      }
      done += read;
      position += read;
      at += read;
    }
    return done;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private InputStream seek(long block, long target) throws IOException {
    if (stream == null || target >= streamEnd) {
      close();
      streamEnd = spanEnd(block);
      at = target;
      stream =
          new BufferedInputStream(opener.open(new ByteRange(target, streamEnd - target)), BUFFER);
    }
    if (at < target) {
      stream.skipNBytes(target - at);
      at = target;
    }
    return stream;
  }

  /** Where the blocks from this one on that lie near each other end. */
  private long spanEnd(long block) {
    long last = (end - 1) / blocks.size();
    long lastEnd = blocks.offset(last) + (end - 1) % blocks.size() + 1;
    long spanEnd = blocks.offset(block) + blocks.size();
    for (long next = block + 1; next <= last; next++) {
      long offset = blocks.offset(next);
      if (offset - spanEnd > NEAR || next - block == MOST) {
        return spanEnd;
      }
      spanEnd = offset + blocks.size();
    }
    return Math.min(spanEnd, lastEnd);
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }
}
