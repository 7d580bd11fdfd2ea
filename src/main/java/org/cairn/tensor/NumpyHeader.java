package org.cairn.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The header of a {@code .npy} file, version 1.0 of <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">its format</a>.
 */
public final class NumpyHeader {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NumpyHeader() {}

  /** NumPy's name of a type; empty for one that it does not have. */
  static Optional<String> descr(TensorType type) {
    return Optional.ofNullable(
        switch (type) {
          case BOOL -> "|b1";
          case U8 -> "|u1";
          case I8 -> "|i1";
          case I16 -> "<i2";
          case U16 -> "<u2";
          case F16 -> "<f2";
          case I32 -> "<i4";
          case U32 -> "<u4";
          case F32 -> "<f4";
          case F64 -> "<f8";
          case I64 -> "<i8";
          case U64 -> "<u8";
          case C64 -> "<c8";
          case BF16, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, F6_E2M3, F6_E3M2, F4 ->
              null;
        });
  }

  /**
   * The header of an array.
   *
   * @param descr NumPy's name of the type of its elements, such as {@code <f4}
   */
  public static byte[] of(String descr, List<Long> shape) {
    var extents =
        shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (shape.size() == 1 ? "," : "");
    var dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(descr, extents);
    int beforeText = MAGIC.length + 2;
    int whole = (beforeText + dictionary.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    var header = new byte[whole];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    int length = whole - beforeText;
    header[MAGIC.length] = (byte) length;
    header[MAGIC.length + 1] = (byte) (length >> 8);
    var text = dictionary.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, beforeText, text.length);
    header[whole - 1] = '\n';
    return header;
  }
}
