package org.cairn.tensor;

import java.security.MessageDigest;
import java.util.Arrays;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Digests of one tensor.
 *
 * <p>The loose digest costs nothing until the first negative zero: up to there it is the strict
 * one, whose state is copied then.
 */
final class TensorHasher implements TensorVisitor<TensorDigests> {

  /** Bytes looked at before they are digested: whole units, and still in the cache then. */
  private static final int PIECE = 3 << 14;

  private final @Nullable TensorType type;
  private final int unit;
  private final MessageDigest strict = Sha256.newDigest();
  private @Nullable MessageDigest loose;

  /** Bytes of an element that the last piece cut; not in the digests yet. */
  private final byte[] cut = new byte[8];

  private int cutLength;

  TensorHasher(TensorEntry entry) {
    this.type = TensorType.of(entry.dtype()).orElse(null);
    this.unit = type == null ? 0 : NegativeZeros.unit(type);
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    if (unit == 0) {
      digest(bytes, offset, length);
      return;
    }
    int at = offset;
    int end = offset + length;
    while (cutLength > 0 && at < end) {
      cut[cutLength++] = bytes[at++];
      if (cutLength == unit) {
        digest(cut, 0, unit);
        cutLength = 0;
      }
    }
    int whole = at + (end - at) / unit * unit;
    while (at < whole) {
      int some = Math.min(PIECE, whole - at);
      digest(bytes, at, some);
      at += some;
    }
    while (at < end) {
      cut[cutLength++] = bytes[at++];
    }
  }

  private void digest(byte[] bytes, int offset, int length) {
    if (type != null && unit > 0 && NegativeZeros.any(type, bytes, offset, length)) {
      if (loose == null) {
        loose = copy(strict);
      }
      var cleared = Arrays.copyOfRange(bytes, offset, offset + length);
      NegativeZeros.clear(type, cleared, 0, length);
      loose.update(cleared);
    } else if (loose != null) {
      loose.update(bytes, offset, length);
    }
    strict.update(bytes, offset, length);
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  @Override
  public TensorDigests result() {
    if (cutLength > 0) { // a group of six-bit elements may end early
      digest(cut, 0, cutLength);
    }
    var sha256 = Sha256.of(strict);
    return new TensorDigests(sha256, loose == null ? sha256 : Sha256.of(loose));
  }
}
