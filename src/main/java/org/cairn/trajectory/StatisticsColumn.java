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
    @Nullable PairKind kind,
    Type type,
    String title,
    Function<StatisticsRow, @Nullable Object> value) {

  /** All of them, in the order of the fields. */
  static final List<StatisticsColumn> ALL =
      List.of(
          text("label", StatisticsRow::label),
          text("stage", StatisticsRow::stage),
          text("branch", StatisticsRow::branch),
          integer("step", StatisticsRow::step),
          integer("tokens", StatisticsRow::tokens),
          text("name", StatisticsRow::name),
          text("canonicalName", StatisticsRow::canonicalName),
          text("dtype", StatisticsRow::dtype),
          integer("elements", StatisticsRow::elements),
          integer("zeros", StatisticsRow::zeros),
          integer("nans", StatisticsRow::nans),
          integer("infinities", StatisticsRow::infinities),
          real("min", StatisticsRow::min),
          real("max", StatisticsRow::max),
          real("mean", StatisticsRow::mean),
          real("standardDeviation", StatisticsRow::standardDeviation),
          real("l1", StatisticsRow::l1),
          real("l2", StatisticsRow::l2),
          real(PairKind.PREVIOUS, "previousDistance", StatisticsRow::previousDistance),
          real(PairKind.PREVIOUS, "previousCosine", StatisticsRow::previousCosine),
          real(PairKind.PREVIOUS, "relativeUpdate", StatisticsRow::relativeUpdate),
          real(PairKind.FIRST, "firstDistance", StatisticsRow::firstDistance),
          real(PairKind.FIRST, "firstCosine", StatisticsRow::firstCosine),
          real(PairKind.LAST, "lastDistance", StatisticsRow::lastDistance),
          real(PairKind.LAST, "lastCosine", StatisticsRow::lastCosine));

  /** What the values are. */
  enum Type {
    TEXT,
    INTEGER,
    REAL
  }

  private static StatisticsColumn text(
      String title, Function<StatisticsRow, @Nullable String> value) {
    return new StatisticsColumn(null, Type.TEXT, title, value::apply);
  }

  private static StatisticsColumn integer(
      String title, Function<StatisticsRow, @Nullable Long> value) {
    return new StatisticsColumn(null, Type.INTEGER, title, value::apply);
  }

  private static StatisticsColumn real(
      String title, Function<StatisticsRow, @Nullable Double> value) {
    return new StatisticsColumn(null, Type.REAL, title, value::apply);
  }

  private static StatisticsColumn real(
      PairKind kind, String title, Function<StatisticsRow, @Nullable Double> value) {
    return new StatisticsColumn(kind, Type.REAL, title, value::apply);
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
