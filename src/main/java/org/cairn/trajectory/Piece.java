package org.cairn.trajectory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.cairn.storage.ByteRange;
import org.cairn.tensor.TensorReader;

/**
 * Some bytes of an answer.
 *
 * @param size in bytes
 * @param stored whether they are read from the store; otherwise they are in memory
 */
record Piece(long size, boolean stored, Opener opener) {

  /** Opens {@code length} bytes from byte {@code from} on; the caller closes the stream. */
  interface Opener {
    InputStream open(long from, long length) throws IOException;
  }

  static Piece of(byte[] bytes) {
    return new Piece(
        bytes.length,
        false,
        (from, length) -> new ByteArrayInputStream(bytes, (int) from, (int) length));
  }

  static Piece of(TensorReader.Body body) {
    return new Piece(body.size(), true, body::open);
  }

  InputStream open() throws IOException {
    return opener.open(0, size);
  }

  static long size(List<Piece> pieces) {
    return pieces.stream().mapToLong(Piece::size).sum();
  }

  /** What of these pieces, one after the other, lies in a range. */
  static List<Piece> cut(List<Piece> pieces, ByteRange range) {
    var cut = new ArrayList<Piece>();
    long begin = 0;
    for (var piece : pieces) {
      long from = Math.max(0, range.offset() - begin);
      long to = Math.min(piece.size, range.last() + 1 - begin);
      if (from == 0 && to == piece.size && to > 0) {
        cut.add(piece);
      } else if (from < to) {
        cut.add(
            new Piece(
                to - from, piece.stored, (at, length) -> piece.opener.open(from + at, length)));
      }
      begin += piece.size;
    }
    return cut;
  }
}
