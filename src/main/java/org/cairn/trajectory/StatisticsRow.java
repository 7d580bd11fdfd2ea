package org.cairn.trajectory;

import org.cairn.checkpoint.SelectedCheckpoint;
import org.cairn.tensor.StatisticsView;
import org.cairn.tensor.StoredTensor;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tensor at a checkpoint. */
@Schema(
    name = "TensorStatisticsRow",
    description =
        "What a tensor was like at a checkpoint. min to l2 are over the finite elements. Absent is what is unknown or was not"
            + " asked for: statistics of types without an order; distances and cosines between tensors that differ in type or"
            + " shape, or of which one has an element that is not finite.")
record StatisticsRow(
    @Schema(description = "Of the checkpoint") String label,
    String stage,
    String branch,
    long step,
    @Schema(description = "Seen up to here in the stage") @Nullable Long tokens,
    @Schema(description = "Of the tensor, as its file spells it") String name,
    @Schema(description = "What families of models call the same thing")
        @Nullable String canonicalName,
    @Schema(description = "As safetensors spells it, such as BF16") String dtype,
    long elements,
    @Schema(description = "Elements equal to zero, of either sign") @Nullable Long zeros,
    @Nullable Long nans,
    @Nullable Long infinities,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double mean,
    @Schema(description = "Of the population: divided by the number of elements")
        @Nullable Double standardDeviation,
    @Schema(description = "Sum of the magnitudes") @Nullable Double l1,
    @Schema(description = "Square root of the sum of the squares") @Nullable Double l2,
    @Schema(
            description =
                "Square root of the sum of the squared differences to the checkpoint before; likewise for first and last")
        @Nullable Double previousDistance,
    @Schema(
            description =
                "Cosine of the angle to the tensor of the checkpoint before, from -1 to 1")
        @Nullable Double previousCosine,
    @Schema(description = "previousDistance divided by the l2 of the checkpoint before")
        @Nullable Double relativeUpdate,
    @Nullable Double firstDistance,
    @Nullable Double firstCosine,
    @Nullable Double lastDistance,
    @Nullable Double lastCosine) {

  static StatisticsRow of(StatisticsPoint point, PairValues pairs) {
    SelectedCheckpoint checkpoint = point.checkpoint();
    StoredTensor tensor = point.tensor();
    var statistics = StatisticsView.of(tensor.statistics());
    return new StatisticsRow(
        checkpoint.label(),
        checkpoint.stage(),
        checkpoint.branch(),
        checkpoint.step(),
        checkpoint.tokens(),
        tensor.name(),
        point.canonicalName(),
        tensor.dtype(),
        tensor.shape().stream().reduce(1L, (a, b) -> a * b),
        statistics == null ? null : statistics.zeros(),
        statistics == null ? null : statistics.nans(),
        statistics == null ? null : statistics.infinities(),
        statistics == null ? null : statistics.min(),
        statistics == null ? null : statistics.max(),
        statistics == null ? null : statistics.mean(),
        statistics == null ? null : statistics.standardDeviation(),
        statistics == null ? null : statistics.l1(),
        statistics == null ? null : statistics.l2(),
        pairs.distance(PairKind.PREVIOUS),
        pairs.cosine(PairKind.PREVIOUS),
        pairs.relativeUpdate(),
        pairs.distance(PairKind.FIRST),
        pairs.cosine(PairKind.FIRST),
        pairs.distance(PairKind.LAST),
        pairs.cosine(PairKind.LAST));
  }
}
