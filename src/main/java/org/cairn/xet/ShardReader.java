package org.cairn.xet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;

/**
 * Reads a shard, which says of which chunks files are made: a header, then records of 48 bytes, in
 * a section of files and a section of xorbs, each ended by a record that begins with 32 bytes 0xFF,
 * then perhaps a footer. All numbers are little-endian. What it says of xorbs is passed over: they
 * were looked at when they came in.
 */
final class ShardReader {

  /** Longest shard: clients begin another one long before. */
  static final int MAX_BYTES = 64 << 20;

  /** Most files of a shard. */
  static final int MAX_FILES = 10_000;

  private static final int RECORD = 48;
  private static final int VERSION = 2;

  /** {@code HFRepoMetaData} and what tells this format from any other. */
  static final byte[] MAGIC = {
    'H',
    'F',
    'R',
    'e',
    'p',
    'o',
    'M',
    'e',
    't',
    'a',
    'D',
    'a',
    't',
    'a',
    0,
    'U',
    'i',
    'g',
    'E',
    'j',
    '{',
    (byte) 0x81,
    'W',
    (byte) 0x83,
    (byte) 0xa5,
    (byte) 0xbd,
    (byte) 0xd9,
    '\\',
    (byte) 0xcd,
    (byte) 0xd1,
    'J',
    (byte) 0xa9
  };

  private static final int VERIFICATION = 1 << 31;
  private static final int METADATA = 1 << 30;

  private final InputStream in;
  private final byte[] bytes = new byte[RECORD];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private long read;

  ShardReader(InputStream in) {
    this.in = in;
  }

  /** Is told what a shard says. */
  interface Visitor {

    /** A file begins. */
    void file();

    /** The file goes on with chunks {@code from} up to, and without, {@code to}: of that size. */
    void term(XetHash xorb, long from, long to, long size) throws IOException;

    /** The file ends; that is what its bytes have to be. */
    void end(Sha256 sha256) throws IOException;
  }

  /** Reads all of it; the visitor may have been told of files when what follows them is refused. */
  void read(Visitor visitor) throws IOException {
    next();
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new MalformedContentException("This is not a shard");
    }
    if (buffer.getLong(32) != VERSION) {
      throw new MalformedContentException(
          "A shard of version " + Long.toUnsignedString(buffer.getLong(32)) + " is not known here");
    }
    for (int files = 0; nextUnlessEnd(); files++) {
      if (files == MAX_FILES) {
        throw new MalformedContentException("A shard has at most " + MAX_FILES + " files");
      }
      file(visitor);
    }
    while (nextUnlessEnd()) {
      pass(Integer.toUnsignedLong(buffer.getInt(36)));
    }
    // A footer helps to find things in a shard that is kept.
    while (in.read(bytes) > 0) {
      read += RECORD;
      bound();
    }
  }

  private void file(Visitor visitor) throws IOException {
    visitor.file();
    int flags = buffer.getInt(32);
    long terms = Integer.toUnsignedLong(buffer.getInt(36));
    for (long i = 0; i < terms; i++) {
      next();
      visitor.term(
          XetHash.of(buffer, 0),
          Integer.toUnsignedLong(buffer.getInt(40)),
          Integer.toUnsignedLong(buffer.getInt(44)),
          Integer.toUnsignedLong(buffer.getInt(36)));
    }
    if ((flags & VERIFICATION) != 0) {
      pass(terms);
    }
    visitor.end(sha256(flags));
  }

  private Sha256 sha256(int flags) throws IOException {
    if ((flags & METADATA) == 0) {
      throw new MalformedContentException("A file has no SHA-256");
    }
    next();
    return new Sha256(XetHash.text(buffer, 0));
  }

  private void pass(long records) throws IOException {
    for (long i = 0; i < records; i++) {
      next();
    }
  }

  private boolean nextUnlessEnd() throws IOException {
    next();
    for (int i = 0; i < XetHash.BYTES; i++) {
      if (bytes[i] != (byte) 0xff) {
        return true;
      }
    }
    return false;
  }

  private void next() throws IOException {
    if (in.readNBytes(bytes, 0, RECORD) < RECORD) {
      throw new MalformedContentException("The shard is cut off");
    }
    read += RECORD;
    bound();
  }

  private void bound() throws MalformedContentException {
    if (read > MAX_BYTES) {
      throw new MalformedContentException("A shard has at most " + MAX_BYTES + " bytes");
    }
  }
}
