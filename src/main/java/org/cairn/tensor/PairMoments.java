package org.cairn.tensor;

/**
 * Distance and inner product of two tensors of one type, in doubles and in blocks of {@value
 * #BLOCK}: within a block {@value #LANES} running sums, between the blocks {@link CompensatedSum}.
 *
 * <p>Error: each term has at most 3 roundings and each sum of a block BLOCK / LANES + 3, nothing is
 * added between blocks but the final rounding. So the sum of the squared differences, whose terms
 * all have one sign, is within 263 * 2^-53 < 3e-14 of its value, the distance within half of that,
 * and the inner product within 3e-14 of the sum of the magnitudes of its terms. 64-bit integers
 * beyond 2^53 are rounded to doubles first.
 */
final class PairMoments {

  static final int BLOCK = 2048;
  private static final int LANES = 8;

  private final int bits;
  private final ElementDecoder decoder;
  private final double[] left = new double[BLOCK];
  private final double[] right = new double[BLOCK];
  private final CompensatedSum squares = new CompensatedSum();
  private final CompensatedSum products = new CompensatedSum();

  PairMoments(TensorType type) {
    this.bits = type.bits();
    this.decoder = new ElementDecoder(type);
  }

  /** Takes the next bytes of both: a whole number of elements, of finite ones. */
  void add(byte[] leftBytes, byte[] rightBytes, int length) {
    int blockBytes = BLOCK * bits / 8;
    for (int at = 0; at < length; at += blockBytes) {
      int elements = Math.min(blockBytes, length - at) * 8 / bits;
      decoder.decode(leftBytes, at, elements, left, 0);
      decoder.decode(rightBytes, at, elements, right, 0);
      takeBlock(elements);
    }
  }

  private void takeBlock(int n) {
    double[] x = left;
    double[] y = right;
    double[] squared = new double[LANES];
    double[] multiplied = new double[LANES];
    for (int i = 0; i + LANES <= n; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        double difference = x[i + lane] - y[i + lane];
        squared[lane] += difference * difference;
        multiplied[lane] += x[i + lane] * y[i + lane];
      }
    }
    for (int i = n / LANES * LANES; i < n; i++) {
      double difference = x[i] - y[i];
      squared[i % LANES] += difference * difference;
      multiplied[i % LANES] += x[i] * y[i];
    }
    squares.add(pairwise(squared));
    products.add(pairwise(multiplied));
  }

  private static double pairwise(double[] lanes) {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }

  /** Square root of the sum of the squared differences. */
  double distance() {
    return Math.sqrt(squares.value());
  }

  double innerProduct() {
    return products.value();
  }
}
