package org.cairn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What Cairn was measured at, round by round, beside a floor: the same work without Cairn. Rates of
 * one round belong together, since the machine changes from round to round.
 */
final class Comparison {

  private final String name;
  private final String floor;
  private final String unit;
  private final OptionalDouble goal;
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> floors = new ArrayList<>();

  /**
   * @param floor what it is compared with
   * @param unit of both rates, more is better
   * @param goal the ratio that is aimed at, if any
   */
  Comparison(String name, String floor, String unit, OptionalDouble goal) {
    this.name = name;
    this.floor = floor;
    this.unit = unit;
    this.goal = goal;
  }

  void add(double rate, double floorRate) {
    rates.add(rate);
    floors.add(floorRate);
  }

  boolean isEmpty() {
    return rates.isEmpty();
  }

  String name() {
    return name;
  }

  String floor() {
    return floor;
  }

  String unit() {
    return unit;
  }

  OptionalDouble goal() {
    return goal;
  }

  List<Double> ratios() {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < rates.size(); i++) {
      ratios.add(rates.get(i) / floors.get(i));
    }
    return ratios;
  }

  List<Double> rates() {
    return List.copyOf(rates);
  }

  List<Double> floors() {
    return List.copyOf(floors);
  }
}
