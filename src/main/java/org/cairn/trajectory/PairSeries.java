package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.cairn.api.RegistryException;
import org.cairn.tensor.PairMeasure;
import org.cairn.tensor.StoredTensor;
import org.cairn.tensor.TensorPair;
import org.cairn.tensor.TensorPairReader;
import org.cairn.tensor.TensorPairService;

/**
 * Compares each tensor of a series with itself at other checkpoints. What is not known yet is
 * measured before the answer begins, outside of any transaction, and kept every {@value #KEEP}
 * pairs: a request that fails half way has not worked for nothing.
 */
@ApplicationScoped
class PairSeries {

  /** Most tensors of a series with pairs; all are held at once. */
  static final int MAX_TENSORS = StatisticsSeries.BATCH;

  /** Most pairs that one request measures. */
  static final int MAX_PAIRS = 4_000;

  /** Most bytes that one request reads from the store. */
  static final long MAX_BYTES = 4L << 30;

  private static final int KEEP = 100;

  private final TensorPairService known;
  private final TensorPairReader reader;

  PairSeries(TensorPairService known, TensorPairReader reader) {
    this.known = known;
    this.reader = reader;
  }

  /** A tensor and the other one that it is compared with. */
  private record Comparison(StoredTensor tensor, StoredTensor other) {}

  List<StatisticsRow> rows(StatisticsSeries series, Set<PairKind> kinds) {
    if (series.size() > MAX_TENSORS) {
      throw tooMuch(
          "are computed for at most "
              + MAX_TENSORS
              + " tensors, and these checkpoints times these names are "
              + series.size());
    }
    var points = series.parts() == 0 ? List.<StatisticsPoint>of() : series.part(0);
    var others = others(points, kinds);
    var measures = measures(points, others);
    var rows = new ArrayList<StatisticsRow>();
    for (int i = 0; i < points.size(); i++) {
      rows.add(
          StatisticsRow.of(points.get(i), values(points.get(i).tensor(), others.get(i), measures)));
    }
    return rows;
  }

  /** For each point those that it is compared with. */
  private static List<Map<PairKind, StoredTensor>> others(
      List<StatisticsPoint> points, Set<PairKind> kinds) {
    var ambiguous = ambiguous(points);
    var first = new HashMap<String, StoredTensor>();
    var last = new HashMap<String, StoredTensor>();
    for (var point : points) {
      first.putIfAbsent(point.identity(ambiguous), point.tensor());
      last.put(point.identity(ambiguous), point.tensor());
    }
    var previous = new HashMap<String, StoredTensor>();
    var all = new ArrayList<Map<PairKind, StoredTensor>>();
    for (var point : points) {
      var identity = point.identity(ambiguous);
      var others = new EnumMap<PairKind, StoredTensor>(PairKind.class);
      for (var kind : kinds) {
        var other =
            switch (kind) {
              case PREVIOUS -> previous.get(identity);
              case FIRST -> first.get(identity);
              case LAST -> last.get(identity);
            };
        if (other != null) {
          others.put(kind, other);
        }
      }
      previous.put(identity, point.tensor());
      all.add(others);
    }
    return all;
  }

  /** Canonical names that a checkpoint has twice, such as the tied biases of a BERT. */
  private static Set<String> ambiguous(List<StatisticsPoint> points) {
    var seen = new HashMap<String, UUID>();
    var ambiguous = new HashSet<String>();
    for (var point : points) {
      var name = point.canonicalName();
      if (name != null && point.checkpoint().id().equals(seen.put(name, point.checkpoint().id()))) {
        ambiguous.add(name);
      }
    }
    return ambiguous;
  }

  /** What is known of all these pairs, after what is not known was measured. */
  private Map<TensorPair, PairMeasure> measures(
      List<StatisticsPoint> points, List<Map<PairKind, StoredTensor>> others) {
    var wanted = new LinkedHashMap<TensorPair, Comparison>();
    for (int i = 0; i < points.size(); i++) {
      var tensor = points.get(i).tensor();
      for (var other : others.get(i).values()) {
        TensorPair.of(tensor, other)
            .filter(pair -> !pair.same())
            .ifPresent(pair -> wanted.putIfAbsent(pair, new Comparison(tensor, other)));
      }
    }
    var measures = new HashMap<>(known.known(wanted.keySet()));
    wanted.keySet().removeAll(measures.keySet());
    check(wanted.values());
    var measuring =
        reader.among(
            wanted.values().stream()
                .flatMap(comparison -> Stream.of(comparison.tensor(), comparison.other()))
                .toList());
    var fresh = new HashMap<TensorPair, PairMeasure>();
    for (var entry : wanted.entrySet()) {
      var comparison = entry.getValue();
      fresh.put(entry.getKey(), measuring.measure(comparison.tensor(), comparison.other()));
      if (fresh.size() == KEEP) {
        known.keep(fresh);
        measures.putAll(fresh);
        fresh.clear();
      }
    }
    known.keep(fresh);
    measures.putAll(fresh);
    return measures;
  }

  private static void check(Collection<Comparison> unknown) {
    long bytes = unknown.stream().mapToLong(comparison -> 2 * comparison.tensor().size()).sum();
    if (unknown.size() > MAX_PAIRS || bytes > MAX_BYTES) {
      throw tooMuch(
          "need %d pairs of tensors that nobody asked for yet, %d bytes to read; one request measures at most %d pairs and %d bytes"
              .formatted(unknown.size(), bytes, MAX_PAIRS, MAX_BYTES));
    }
  }

  private static RegistryException tooMuch(String reason) {
    return RegistryException.invalid(
        "pairs", reason + ": choose fewer checkpoints with spacing and points, or fewer names");
  }

  private static PairValues values(
      StoredTensor tensor,
      Map<PairKind, StoredTensor> others,
      Map<TensorPair, PairMeasure> measures) {
    var values = new EnumMap<PairKind, PairMeasure>(PairKind.class);
    others.forEach((kind, other) -> {
      var pair = TensorPair.of(tensor, other);
      var measure =
          pair.isEmpty()
              ? null
              : pair.get().same() ? PairMeasure.same(tensor) : measures.get(pair.get());
      if (measure != null) {
        values.put(kind, measure);
      }
    });
    return new PairValues(values, others.get(PairKind.PREVIOUS));
  }
}
