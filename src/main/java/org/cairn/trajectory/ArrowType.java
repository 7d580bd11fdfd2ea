package org.cairn.trajectory;

import com.google.flatbuffers.FlatBufferBuilder;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Type;
import org.cairn.api.RegistryException;

/**
 * The type of a tensor's elements in Arrow.
 *
 * @param type of {@link Type}: integer or floating point
 * @param signed of an integer
 */
record ArrowType(byte type, int bits, boolean signed) {

  /**
   * What NumPy's type is in Arrow. Booleans, of which NumPy has one in a byte and Arrow eight,
   * become unsigned bytes; there are no complex numbers.
   */
  static ArrowType of(String descr) {
    int bits = Integer.parseInt(descr.substring(2)) * Byte.SIZE;
    return switch (descr.charAt(1)) {
      case 'b', 'u' -> new ArrowType(Type.Int, bits, false);
      case 'i' -> new ArrowType(Type.Int, bits, true);
      case 'f' -> new ArrowType(Type.FloatingPoint, bits, true);
      default ->
          throw RegistryException.invalid(
              "format", "arrow has no complex numbers: ask for npy or safetensors");
    };
  }

  int write(FlatBufferBuilder builder) {
    return type == Type.Int
        ? Int.createInt(builder, bits, signed)
        : FloatingPoint.createFloatingPoint(
            builder,
            switch (bits) {
              case 16 -> Precision.HALF;
              case 32 -> Precision.SINGLE;
              default -> Precision.DOUBLE;
            });
  }
}
