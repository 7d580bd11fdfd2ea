package org.cairn.xet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cairn.artifact.MalformedContentException;

/**
 * Looks at the headers of the chunks of a xorb while it passes by. Reading fails at the first that
 * is wrong, so that whoever stores the bytes does not get to their end.
 */
final class XorbScan extends FilterInputStream {

  /** 64 MiB of data, which is what clients fill a xorb with, and what surrounds its chunks. */
  static final int MAX_BYTES = 66 << 20;

  private static final int MAX_CHUNKS = 1 << 16;

  /** Begins what may follow the chunks; the storage format has it, what clients send has not. */
  private static final byte[] FOOTER = "XETBLOB".getBytes(StandardCharsets.US_ASCII);

  private final byte[] header = new byte[ChunkHeader.BYTES];
  private int inHeader;
  private int inChunk;
  private long position;
  private boolean footer;
  private long size;
  private int count;
  private int[] ends = new int[1024];
  private int[] sizes = new int[1024];

  XorbScan(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    if (read > 0) {
      look(buffer, offset, read);
    }
    return read;
  }

  @Override
  public long skip(long length) throws IOException {
    throw new UnsupportedOperationException("every byte is looked at");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** All bytes have passed: where the chunks lie. */
  XorbIndex finish() throws MalformedContentException {
    if (inChunk > 0 || (inHeader > 0 && !footer)) {
      throw new MalformedContentException("The last chunk is cut off");
    }
    if (footer && inHeader < FOOTER.length) {
      throw new MalformedContentException("What follows the chunks is cut off");
    }
    if (count == 0) {
      throw new MalformedContentException("There are no chunks");
    }
    return XorbIndex.of(ends, sizes, count);
  }

  private void look(byte[] buffer, int offset, int length) throws MalformedContentException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (inChunk > 0) {
        int passing = Math.min(inChunk, end - at);
        inChunk -= passing;
        at += passing;
        position += passing;
      } else {
        headerByte(buffer[at++]);
        position++;
      }
      if (position > MAX_BYTES) {
        throw new MalformedContentException("A xorb has at most " + MAX_BYTES + " bytes");
      }
    }
  }

  private void headerByte(byte next) throws MalformedContentException {
    if (inHeader == 0 && next == FOOTER[0]) {
      footer = true;
    }
    if (footer) {
      if (inHeader < FOOTER.length && next != FOOTER[inHeader++]) {
        throw new MalformedContentException("What follows the chunks is not known here");
      }
      return;
    }
    header[inHeader++] = next;
    if (inHeader == header.length) {
      inHeader = 0;
      add(ChunkHeader.parse(header, 0));
    }
  }

  private void add(ChunkHeader chunk) throws MalformedContentException {
    size += chunk.size();
    if (size > MAX_BYTES || count == MAX_CHUNKS) {
      throw new MalformedContentException(
          "The chunks of a xorb are at most "
              + MAX_CHUNKS
              + " and have at most "
              + MAX_BYTES
              + " bytes");
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    inChunk = chunk.stored();
    ends[count] = (int) Math.min(position + 1 + inChunk, Integer.MAX_VALUE);
    sizes[count] = (int) size;
    count++;
  }
}
