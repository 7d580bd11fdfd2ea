package org.cairn.tensor;

/** Gathers the statistics of a tensor. */
interface StatisticsGatherer {

  /** Takes the next bytes: little-endian elements, of which the last may be cut. */
  void add(byte[] bytes, int offset, int length);

  TensorStatistics result();

  /** Up to so many elements it costs more to count 65,536 patterns than to look at each. */
  long FEW = 1 << 16;

  /**
   * The one that suits a tensor.
   *
   * @param elements how many there will be
   */
  static StatisticsGatherer of(TensorType type, long elements) {
    return switch (type) {
      case I16, U16, F16, BF16 ->
          elements <= FEW ? new BlockMoments(type) : new PatternCounts(type);
      case BOOL,
          U8,
          I8,
          F8_E5M2,
          F8_E4M3,
          F8_E8M0,
          F8_E4M3FNUZ,
          F8_E5M2FNUZ,
          F4,
          F6_E2M3,
          F6_E3M2 ->
          new PatternCounts(type);
      case I32, U32, F32, F64, I64, U64 -> new BlockMoments(type);
      case C64 -> throw new IllegalArgumentException("complex numbers have no order");
    };
  }
}
