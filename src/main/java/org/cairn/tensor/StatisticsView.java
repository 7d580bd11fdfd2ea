package org.cairn.tensor;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Statistics as clients see them: JSON has no NaN, so what no finite element gives is null. */
@Schema(
    name = "TensorStatistics",
    description =
        "What the elements of a tensor are like. min to l2 are over the finite elements, and null where there is none;"
            + " standardDeviation divides by their number.")
public record StatisticsView(
    @Schema(description = "Elements equal to zero, of either sign") long zeros,
    long nans,
    long infinities,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double mean,
    @Nullable Double standardDeviation,
    @Schema(description = "Sum of the magnitudes") @Nullable Double l1,
    @Schema(description = "Square root of the sum of the squares") @Nullable Double l2) {

  public static @Nullable StatisticsView of(@Nullable TensorStatistics statistics) {
    return statistics == null
        ? null
        : new StatisticsView(
            statistics.zeros(),
            statistics.nans(),
            statistics.infinities(),
            finite(statistics.min()),
            finite(statistics.max()),
            finite(statistics.mean()),
            finite(statistics.standardDeviation()),
            finite(statistics.l1()),
            finite(statistics.l2()));
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
