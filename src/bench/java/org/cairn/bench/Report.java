package org.cairn.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.cairn.bench.Meter.Measured;

/** All that was measured, in the order it was planned, as text and as JSON. */
final class Report {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Effort> efforts = new ArrayList<>();

  Comparison comparison(String name, String floor, String unit, double goal) {
    return add(new Comparison(name, floor, unit, OptionalDouble.of(goal)));
  }

  Comparison comparison(String name, String floor, String unit) {
    return add(new Comparison(name, floor, unit, OptionalDouble.empty()));
  }

  Figure figure(String name, String unit) {
    return figure(name, unit, OptionalDouble.empty());
  }

  /**
   * @param limit what it is not to exceed
   */
  Figure figure(String name, String unit, double limit) {
    return figure(name, unit, OptionalDouble.of(limit));
  }

  private Figure figure(String name, String unit, OptionalDouble limit) {
    var figure = new Figure(name, unit, limit);
    figures.add(figure);
    return figure;
  }

  /** Processor time of transfers of so many bytes. */
  Effort effort(String name, long bytes) {
    var effort = new Effort(name, bytes);
    efforts.add(effort);
    return effort;
  }

  private Comparison add(Comparison comparison) {
    comparisons.add(comparison);
    return comparison;
  }

  void print(PrintStream out) {
    for (var comparison : comparisons) {
      if (!comparison.isEmpty()) {
        print(out, comparison);
      }
    }
    printEfforts(out);
    out.println();
    for (var figure : figures) {
      if (!figure.isEmpty()) {
        var spread = Spread.of(figure.values());
        out.printf(
            Locale.ROOT,
            "%-44s %s %s%s%n",
            figure.name(),
            range(spread, figure.limit().isPresent() ? 4 : 2),
            figure.unit(),
            figure.limit().isPresent() ? limit(figure.limit().getAsDouble(), spread.median()) : "");
      }
    }
  }

  private void printEfforts(PrintStream out) {
    var format = "%-44s %8s %8s %8s%n";
    var measured = efforts.stream().filter(effort -> !effort.isEmpty()).toList();
    if (!measured.isEmpty()) {
      out.println();
      out.printf(format, "processor time, s/GiB", "client", "Cairn", "store");
    }
    for (var effort : measured) {
      out.printf(
          format,
          effort.name(),
          two(effort.median(Measured::client)),
          two(effort.median(Measured::cairn)),
          two(effort.median(Measured::store)));
    }
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static void print(PrintStream out, Comparison comparison) {
    var ratio = Spread.of(comparison.ratios());
    out.printf(
        Locale.ROOT,
        "%n%s / %s%n  ratio %.2f (%.2f to %.2f)%s%n  %s / %s %s%n",
        comparison.name(),
        comparison.floor(),
        ratio.median(),
        ratio.min(),
        ratio.max(),
        comparison.goal().isPresent() ? goal(comparison.goal().getAsDouble(), ratio.median()) : "",
        range(Spread.of(comparison.rates())),
        range(Spread.of(comparison.floors())),
        comparison.unit());
  }

  private static String goal(double goal, double ratio) {
    return String.format(
        Locale.ROOT, ", goal %.2f: %s", goal, ratio >= goal ? "reached" : "NOT reached");
  }

  private static String limit(double limit, double value) {
    return String.format(
        Locale.ROOT, ", at most %.2f: %s", limit, value <= limit ? "kept" : "NOT kept");
  }

  private static String range(Spread spread) {
    return range(spread, 2);
  }

  /**
   * @param decimals of numbers below 10
   */
  private static String range(Spread spread, int decimals) {
    var number = "%%.%df".formatted(spread.max() < 10 ? decimals : 0);
    var format = number + " (" + number + " to " + number + ")";
    return String.format(Locale.ROOT, format, spread.median(), spread.min(), spread.max());
  }

  void write(Path file, ObjectNode machine, int rounds, int mebibytes) throws IOException {
    var root = JSON.createObjectNode();
    root.set("machine", machine);
    root.put("rounds", rounds).put("mebibytes", mebibytes);
    var comparisonNodes = root.putArray("comparisons");
    for (var comparison : comparisons) {
      if (!comparison.isEmpty()) {
        var node =
            comparisonNodes
                .addObject()
                .put("name", comparison.name())
                .put("floor", comparison.floor())
                .put("unit", comparison.unit());
        comparison.goal().ifPresent(goal -> node.put("goal", goal));
        spread(node.putObject("ratio"), comparison.ratios());
        spread(node.putObject("rate"), comparison.rates());
        spread(node.putObject("floorRate"), comparison.floors());
      }
    }
    var effortNodes = root.putArray("processorSecondsPerGibibyte");
    for (var effort : efforts) {
      if (!effort.isEmpty()) {
        effortNodes
            .addObject()
            .put("name", effort.name())
            .put("client", effort.median(Measured::client))
            .put("cairn", effort.median(Measured::cairn))
            .put("store", effort.median(Measured::store));
      }
    }
    var figureNodes = root.putArray("figures");
    for (var figure : figures) {
      if (!figure.isEmpty()) {
        var node = figureNodes.addObject().put("name", figure.name()).put("unit", figure.unit());
        figure.limit().ifPresent(limit -> node.put("limit", limit));
        spread(node, figure.values());
      }
    }
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }

  private static void spread(ObjectNode node, List<Double> values) {
    var spread = Spread.of(values);
    node.put("median", spread.median()).put("min", spread.min()).put("max", spread.max());
    ArrayNode rounds = node.putArray("rounds");
    values.forEach(rounds::add);
  }
}
