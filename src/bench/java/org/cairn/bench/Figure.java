package org.cairn.bench;

import java.util.ArrayList;
import java.util.List;

/** A number that explains a comparison and has no floor of its own. */
final class Figure {

  private final String name;
  private final String unit;
  private final List<Double> values = new ArrayList<>();

  Figure(String name, String unit) {
    this.name = name;
    this.unit = unit;
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

  List<Double> values() {
    return List.copyOf(values);
  }
}
