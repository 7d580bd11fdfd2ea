package org.cairn.trajectory;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table of statistics: a field of {@link StatisticsRow}.
 *
 * @param kind without which nothing is in the column; null where something always is
 * @param title as every format calls it
 */
record StatisticsColumn(
    @Nullable PairKind kind, String title, Function<StatisticsRow, @Nullable Object> value) {

  /** All of them, in the order of the fields. */
  static final List<StatisticsColumn> ALL =
      List.of(
          always("label", StatisticsRow::label),
          always("stage", StatisticsRow::stage),
          always("branch", StatisticsRow::branch),
          always("step", StatisticsRow::step),
          always("tokens", StatisticsRow::tokens),
          always("name", StatisticsRow::name),
          always("canonicalName", StatisticsRow::canonicalName),
          always("dtype", StatisticsRow::dtype),
          always("elements", StatisticsRow::elements),
          always("zeros", StatisticsRow::zeros),
          always("nans", StatisticsRow::nans),
          always("infinities", StatisticsRow::infinities),
          always("min", StatisticsRow::min),
          always("max", StatisticsRow::max),
          always("mean", StatisticsRow::mean),
          always("standardDeviation", StatisticsRow::standardDeviation),
          always("l1", StatisticsRow::l1),
          always("l2", StatisticsRow::l2),
          with(PairKind.PREVIOUS, "previousDistance", StatisticsRow::previousDistance),
          with(PairKind.PREVIOUS, "previousCosine", StatisticsRow::previousCosine),
          with(PairKind.PREVIOUS, "relativeUpdate", StatisticsRow::relativeUpdate),
          with(PairKind.FIRST, "firstDistance", StatisticsRow::firstDistance),
          with(PairKind.FIRST, "firstCosine", StatisticsRow::firstCosine),
          with(PairKind.LAST, "lastDistance", StatisticsRow::lastDistance),
          with(PairKind.LAST, "lastCosine", StatisticsRow::lastCosine));

  private static StatisticsColumn always(
      String title, Function<StatisticsRow, @Nullable Object> value) {
    return new StatisticsColumn(null, title, value);
  }

  private static StatisticsColumn with(
      PairKind kind, String title, Function<StatisticsRow, @Nullable Object> value) {
    return new StatisticsColumn(kind, title, value);
  }

  @Nullable Object of(StatisticsRow row) {
    return value.apply(row);
  }

  /** The columns of a table with these pairs. */
  static List<StatisticsColumn> of(Set<PairKind> pairs) {
    return ALL.stream()
        .filter(column -> column.kind == null || pairs.contains(column.kind))
        .toList();
  }
}
