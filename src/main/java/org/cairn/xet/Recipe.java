package org.cairn.xet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import org.cairn.artifact.MalformedContentException;

/** How a file is made of stretches of xorbs; kept as it is stored, since there may be many. */
final class Recipe {

  /** A hash and three numbers. */
  private static final int TERM = XetHash.BYTES + 3 * Integer.BYTES;

  /**
   * How often a file may have the same data in long stretches. Without a limit, a few bytes would
   * fill the store; equal chunks one by one, such as those of a tensor of zeros, are not limited
   * otherwise than by the length of a shard.
   */
  private static final int REPETITIONS = 64;

  private final ByteArrayOutputStream terms = new ByteArrayOutputStream();
  private final Map<XetHash, Integer> xorbs = new HashMap<>();
  private long size;

  /**
   * Goes on with a stretch.
   *
   * @param whole bytes of all chunks of its xorb
   */
  void add(Term term, int whole) {
    var bytes = ByteBuffer.allocate(TERM);
    term.xorb().put(bytes);
    bytes.putInt(term.offset()).putInt(term.stored()).putInt(term.size());
    terms.write(bytes.array(), 0, TERM);
    xorbs.put(term.xorb(), whole);
    size += term.size();
  }

  /** Throws where little data makes a long file. */
  void check() throws MalformedContentException {
    long distinct = xorbs.values().stream().mapToLong(Integer::longValue).sum();
    long singly = (long) ChunkHeader.MAX_SIZE * (terms.size() / TERM);
    if (size > REPETITIONS * distinct + singly) {
      throw new MalformedContentException(
          "A file of " + size + " bytes repeats " + distinct + " bytes too often");
    }
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  byte[] encode() {
    return terms.toByteArray();
  }

  /** The stretches of an encoded recipe. */
  static Iterator<Term> decode(byte[] recipe) {
    var bytes = ByteBuffer.wrap(recipe);
    return IntStream.range(0, recipe.length / TERM)
        .mapToObj(i -> {
          int at = i * TERM;
          int numbers = at + XetHash.BYTES;
          return new Term(
              XetHash.of(bytes, at),
              bytes.getInt(numbers),
              bytes.getInt(numbers + Integer.BYTES),
              bytes.getInt(numbers + 2 * Integer.BYTES));
        })
        .iterator();
  }
}
