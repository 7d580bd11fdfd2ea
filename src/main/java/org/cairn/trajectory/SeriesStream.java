package org.cairn.trajectory;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of pieces, one after the other. Of small pieces the store's answer takes longer than
 * their bytes, so up to {@value #AHEAD} of them, and {@value #HELD} bytes in all, are fetched ahead
 * by threads of their own; larger ones pass through. Nothing more is fetched until what was fetched
 * has been read, so a reader that stops stops the store too.
 */
final class SeriesStream extends InputStream {

  static final int AHEAD = 8;
  static final int SMALL = 4 << 20;
  static final int HELD = 32 << 20;

  private final List<Piece> pieces;

  /** Pieces that come next, in their order; at most one passes through, and that is the last. */
  private final Deque<ComingPiece> coming = new ArrayDeque<>();

  /** Index of the first piece that is not among them. */
  private int next;

  private int fetched;

  /** Bytes of what was fetched and not yet read, and of the piece that is being read. */
  private long held;

  private @Nullable ComingPiece current;
  private @Nullable InputStream bytes;
  private long left;
  private boolean closed;

  private SeriesStream(List<Piece> pieces) {
    this.pieces = pieces.stream().filter(piece -> piece.size() > 0).toList();
  }

  /**
   * Opens the pieces and waits for the first byte from the store, so that a store that fails makes
   * a problem and not a broken answer.
   */
  static InputStream open(List<Piece> pieces) throws IOException {
    var stream = new SeriesStream(pieces);
    try {
      stream.fetchAhead();
      for (var one : stream.coming) {
        if (one.isFetched() || one.passesThrough()) {
          one.await();
          break;
        }
      }
      return stream;
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private void fetchAhead() {
    while (next < pieces.size() && (coming.isEmpty() || !coming.getLast().passesThrough())) {
      var piece = pieces.get(next);
      if (!piece.stored() || piece.size() > SMALL) {
        coming.add(ComingPiece.unfetched(piece));
      } else if (fetched < AHEAD && held + piece.size() <= HELD) {
        coming.add(ComingPiece.fetched(piece));
        fetched++;
        held += piece.size();
      } else {
        return;
      }
      next++;
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    var open = left > 0 ? bytes : advance();
    if (open == null) {
      if (left > 0) {
        throw ComingPiece.ended();
      }
      return -1;
    }
    int read = open.read(buffer, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw ComingPiece.ended();
    }
    left -= read;
    return read;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private @Nullable InputStream advance() throws IOException {
    release();
    var first = coming.poll();
    if (first == null) {
      return null;
    }
    current = first;
    fetched -= first.isFetched() ? 1 : 0;
    fetchAhead();
    left = first.size();
    bytes = first.open();
    return bytes;
  }

  private void release() throws IOException {
    held -= current != null && current.isFetched() ? current.size() : 0;
    current = null;
    if (bytes != null) {
      bytes.close();
      bytes = null;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      release();
    } finally {
      while (!coming.isEmpty()) {
        coming.removeFirst().drop();
      }
    }
  }
}
