package org.cairn.tensor;

/**
 * A sum in twice the precision of a double (Knuth's TwoSum, Dekker's product by {@link Math#fma}):
 * after n terms its error, relative to the sum of the magnitudes, is below n * 2^-104. For that
 * what was rounded off is added in again after each term (algorithm 4 of Joldes, Muller and
 * Popescu, <a href="https://doi.org/10.1145/3121432">Tight and rigorous error bounds for basic
 * building blocks of double-word arithmetic</a>, 2017: 2 * 2^-106 of the sum for a term).
 */
final class CompensatedSum {
  private double high;
  private double low;

  void add(double term) {
    double sum = high + term;
    double back = sum - high;
    double rest = low + ((high - (sum - back)) + (term - back));
    high = sum + rest;
    low = rest - (high - sum);
  }

  void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    add(Math.fma(a, b, -product));
  }

  double value() {
    return high + low;
  }

  /** This less a product that may be nearly the same: none of what is left is lost. */
  double minusProduct(double a, double b) {
    double product = a * b;
    return (high - product) + (low - Math.fma(a, b, -product));
  }
}
