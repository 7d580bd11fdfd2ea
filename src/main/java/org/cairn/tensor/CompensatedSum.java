package org.cairn.tensor;

/**
 * A sum in twice the precision of a double (Knuth's TwoSum, Dekker's product by {@link Math#fma}):
 * after n terms its relative error, to the sum of the magnitudes, is below n * 2^-104.
 */
final class CompensatedSum {
  private double high;
  private double low;

  void add(double term) {
    double sum = high + term;
    double back = sum - high;
    low += (high - (sum - back)) + (term - back);
    high = sum;
  }

  void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    low += Math.fma(a, b, -product);
  }

  double value() {
    return high + low;
  }
}
