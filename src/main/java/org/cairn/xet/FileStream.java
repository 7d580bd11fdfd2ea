package org.cairn.xet;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import org.cairn.artifact.MalformedContentException;
import org.jspecify.annotations.Nullable;

/** The bytes of a file, chunk by chunk; in memory is one chunk, however large the file. */
final class FileStream extends InputStream {

  private static final int BUFFER = 256 << 10;

  private final Iterator<Term> terms;
  private final Opener opener;
  private final ChunkReader chunk = new ChunkReader();
  private @Nullable InputStream open;
  private int position;
  private int limit;
  private long left;

  FileStream(Iterator<Term> terms, Opener opener) {
    this.terms = terms;
    this.opener = opener;
  }

  /** Opens what a xorb has of a stretch. */
  interface Opener {
    InputStream open(Term term) throws IOException;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    if (position == limit && !nextChunk()) {
      return -1;
    }
    int copied = Math.min(length, limit - position);
    System.arraycopy(chunk.bytes(), position, buffer, offset, copied);
    position += copied;
    return copied;
  }

  private boolean nextChunk() throws IOException {
    while (left == 0) {
      close();
      if (!terms.hasNext()) {
        return false;
      }
      var term = terms.next();
      open = new BufferedInputStream(opener.open(term), BUFFER);
      left = term.size();
    }
    position = 0;
    limit = 0;
    int size = chunk.read(Objects.requireNonNull(open));
    if (size > left) {
      throw new MalformedContentException("A stretch of a xorb has more bytes than it says");
    }
    limit = size;
    left -= size;
    return true;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
