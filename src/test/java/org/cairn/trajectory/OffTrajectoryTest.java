package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults of OTRRS 1.0.0, annex C, on walks that look like training. */
class OffTrajectoryTest {

  private static final int WEIGHTS = 4_096;
  private static final int STEPS = 71;

  /** A walk that slows down, as with a learning rate that decays. */
  private static List<float[]> walk(long seed) {
    var random = new Random(seed);
    var walk = new ArrayList<float[]>();
    var weights = new float[WEIGHTS];
    var drift = new float[WEIGHTS];
    for (int i = 0; i < WEIGHTS; i++) {
      weights[i] = (float) random.nextGaussian();
      drift[i] = (float) (0.02 * random.nextGaussian());
    }
    for (int step = 0; step < STEPS; step++) {
      walk.add(weights.clone());
      double rate = 1 - 0.9 * step / STEPS;
      for (int i = 0; i < WEIGHTS; i++) {
        weights[i] += (float) (rate * (drift[i] + 0.03 * random.nextGaussian()));
      }
    }
    return walk;
  }

  private static List<Integer> outliers(List<float[]> walk) {
    var distances = new Distances(walk.size());
    distances.add(walk);
    return OffTrajectory.of(distances, IntStream.range(0, walk.size()).boxed().toList(), true, true)
        .stream()
        .map(OffTrajectory.Outlier::checkpoint)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aWalkHasNone(long seed) {
    assertThat(outliers(walk(seed))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aLateCheckpointInTheMiddleIsTheOnlyOne(long seed) {
    var walk = walk(seed);
    var late = walk.get(66).clone();
    late[0] += 1;
    walk.set(30, late);
    assertThat(outliers(walk)).containsExactly(30);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aThirdOfACheckpointIsFound(long seed) {
    var walk = walk(seed);
    var mixed = walk.get(30).clone();
    System.arraycopy(walk.get(66), 0, mixed, 0, WEIGHTS / 3);
    walk.set(30, mixed);
    assertThat(outliers(walk)).containsExactly(30);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neighboursThatWereSwappedAreFoundOnce(long seed) {
    var walk = walk(seed);
    Collections.swap(walk, 30, 31);
    assertThat(outliers(walk)).hasSize(1).first().isIn(30, 31);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void distantOnesThatWereSwappedAreBothFound(long seed) {
    var walk = walk(seed);
    Collections.swap(walk, 10, 50);
    assertThat(outliers(walk)).containsExactlyInAnyOrder(10, 50);
  }

  @Test
  void checkpointsThatDoNotDifferHaveNone() {
    assertThat(outliers(Collections.nCopies(10, new float[] {1, 2, 3}))).isEmpty();
  }

  @Test
  void fewerThanFourMakeNoTrajectory() {
    var walk = walk(1);
    assertThat(outliers(List.of(walk.get(0), walk.get(60), walk.get(1)))).isEmpty();
  }
}
