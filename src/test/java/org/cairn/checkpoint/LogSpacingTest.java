package org.cairn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LogSpacingTest {

  /** The schedule of Pythia: 0, powers of two to 512, then every thousand. */
  private static final long[] PYTHIA =
      LongStream.concat(
              LongStream.concat(LongStream.of(0), IntStream.range(0, 10).mapToLong(i -> 1L << i)),
              LongStream.rangeClosed(1, 143).map(i -> i * 1000))
          .toArray();

  @Test
  void givesExactlyAsManyPointsAsAskedForWhereThereAreEnough() {
    for (int points = 2; points <= PYTHIA.length; points++) {
      assertThat(LogSpacing.logarithmic(PYTHIA, points))
          .hasSizeBetween(Math.max(2, points - 2), points);
    }
    assertThat(LogSpacing.logarithmic(PYTHIA, 20)).hasSize(20);
  }

  @Test
  void keepsTheFirstAndTheLast() {
    var chosen = LogSpacing.logarithmic(PYTHIA, 10);
    assertThat(chosen.getFirst()).isZero();
    assertThat(chosen.getLast()).isEqualTo(153);
  }

  @Test
  void spacesEvenlyInTheLogarithm() {
    var dense = LongStream.rangeClosed(0, 100_000).toArray();
    var chosen = LogSpacing.logarithmic(dense, 6).stream().map(i -> dense[i]).toList();
    assertThat(chosen).containsExactly(0L, 9L, 99L, 999L, 9999L, 100_000L);
  }

  @Test
  void spacesEvenlyInTheStep() {
    var dense = LongStream.rangeClosed(0, 100).toArray();
    assertThat(LogSpacing.linear(dense, 5)).containsExactly(0, 25, 50, 75, 100);
  }

  @Test
  void neverGivesMoreThanAskedForNorAnythingTwice() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var steps =
          random
              .longs(1 + random.nextInt(300), 0, 1L << random.nextInt(1, 62))
              .distinct()
              .sorted()
              .toArray();
      int points = 1 + random.nextInt(60);
      var chosen = LogSpacing.logarithmic(steps, points);
      assertThat(chosen).doesNotHaveDuplicates().isSorted();
      assertThat(chosen.size()).isBetween(1, Math.min(points, steps.length));
      if (steps.length <= points) {
        assertThat(chosen).hasSize(steps.length);
      }
    }
  }
}
