package org.cairn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A number that explains a comparison and has no floor of its own. */
final class Figure {

  private final String name;
  private final String unit;
  private final OptionalDouble limit;
  private final List<Double> values = new ArrayList<>();

  /**
   * @param limit what it is not to exceed, if anything
   */
  Figure(String name, String unit, OptionalDouble limit) {
    this.name = name;
    this.unit = unit;
    this.limit = limit;
  }

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  String name() {
    return name;
  }

  String unit() {
    return unit;
  }

  OptionalDouble limit() {
    return limit;
  }

  List<Double> values() {
    return List.copyOf(values);
  }
}
