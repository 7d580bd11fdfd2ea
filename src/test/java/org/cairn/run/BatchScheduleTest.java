package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cairn.api.RegistryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchScheduleTest {

  /** Marin 8B, releases.md B.6. */
  static final BatchSchedule MARIN =
      new BatchSchedule(
          List.of(
              new BatchPoint(0, 1024, 4096),
              new BatchPoint(660_000, 3072, 4096),
              new BatchPoint(1_320_000, 4096, 4096)));

  @Test
  void countsPythia() {
    var pythia = new BatchSchedule(List.of(new BatchPoint(0, 1024, 2048)));
    assertThat(pythia.tokens(143_000)).isEqualTo(299_892_736_000L);
    assertThat(pythia.sequences(143_000)).isEqualTo(146_432_000);
    assertThat(pythia.tokens(0)).isZero();
    assertThat(pythia.tokens(512, 1000)).isEqualTo(488 * 2_097_152L);
  }

  @ParameterizedTest
  @CsvSource({
    "1907359, 512, 4096, 4000021741568", // OLMo-2-0425-1B, stage 1: 4001B in its label, rounded up
    "928646, 1024, 4096, 3895023632384", // OLMo-2-1124-7B, stage 1: 3896B
    "596057, 2048, 4096, 5000088518656", // OLMo-2-1124-13B, stage 1: 5001B
    "721901, 2048, 4096, 6055744503808", // OLMo-2-0325-32B, stage 1: 6056B
    "11931, 1024, 4096, 50042241024", // OLMo-2-1124-7B, stage 2: 50B, rounded down
    "557000, 2160, 2048, 2463989760000", // OLMo-7B: 2463B
    "2000000, 256, 512, 262144000000" // MultiBERTs
  })
  void countsRealRuns(long step, long batch, long length, long tokens) {
    var schedule = new BatchSchedule(List.of(new BatchPoint(0, batch, length)));
    assertThat(schedule.tokens(step)).isEqualTo(tokens);
    assertThat(schedule.sequences(step)).isEqualTo(step * batch);
  }

  @ParameterizedTest
  @CsvSource({
    "660000, 2768240640000, 2.768",
    "738376, 3754438950912, 3.754",
    "819924, 4780550258688, 4.781",
    "1320000, 11072962560000, 11.073",
    "1399923, 12413847994368, 12.414"
  })
  void countsMarinAtItsHandOffs(long step, long tokens, double published) {
    assertThat(MARIN.tokens(step)).isEqualTo(tokens);
    assertThat(Math.round(tokens / 1e9) / 1e3).isEqualTo(published);
  }

  @Test
  void agreesWithAddingUpEachStep() {
    var random = new Random(20_260_722);
    for (int round = 0; round < 2_000; round++) {
      var schedule = randomSchedule(random);
      var first = schedule.points().getFirst().fromStep();
      var from = first + random.nextInt(60);
      var to = from + random.nextInt(200);
      var sequences = BigInteger.ZERO;
      var tokens = BigInteger.ZERO;
      for (long step = from; step < to; step++) {
        var point = pointOf(schedule, step);
        var batch = BigInteger.valueOf(point.sequencesPerStep());
        sequences = sequences.add(batch);
        tokens = tokens.add(batch.multiply(BigInteger.valueOf(point.sequenceLength())));
      }
      assertThat(schedule.sequences(from, to)).isEqualTo(sequences.longValueExact());
      assertThat(schedule.tokens(from, to)).isEqualTo(tokens.longValueExact());
      var middle = from + (to - from) / 2;
      assertThat(schedule.tokens(from, middle) + schedule.tokens(middle, to))
          .isEqualTo(schedule.tokens(from, to));
    }
  }

  @Test
  void isExactOrRefusesNearTheEndOf64Bits() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var point = new BatchPoint(0, 1 + (random.nextLong() >>> 40), 1 + (random.nextLong() >>> 44));
      var step = random.nextLong() >>> (30 + random.nextInt(20));
      var schedule = new BatchSchedule(List.of(point));
      var exact =
          BigInteger.valueOf(step)
              .multiply(BigInteger.valueOf(point.sequencesPerStep()))
              .multiply(BigInteger.valueOf(point.sequenceLength()));
      if (exact.bitLength() < 64) {
        assertThat(schedule.tokens(step)).isEqualTo(exact.longValueExact());
      } else {
        assertThatThrownBy(() -> schedule.tokens(step))
            .isInstanceOf(RegistryException.class)
            .hasMessageContaining("64 bits");
      }
    }
  }

  @Test
  void refusesCountsThatOverflowBetweenTwoPoints() {
    var schedule =
        new BatchSchedule(List.of(new BatchPoint(0, Long.MAX_VALUE, 1), new BatchPoint(1, 1, 1)));
    assertThat(schedule.tokens(1)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> schedule.tokens(2)).hasMessageContaining("64 bits");
    assertThatThrownBy(() -> schedule.sequences(2)).hasMessageContaining("64 bits");
  }

  @Test
  void doesNotGuessBeforeItsFirstPoint() {
    var schedule = new BatchSchedule(List.of(new BatchPoint(10, 2, 3)));
    assertThat(schedule.covers(9)).isFalse();
    assertThat(schedule.covers(10)).isTrue();
    assertThat(schedule.tokens(10, 12)).isEqualTo(12);
    assertThatThrownBy(() -> schedule.tokens(12)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsWhichStepsAChangeWouldTouch() {
    var longer = new ArrayList<>(MARIN.points());
    longer.add(new BatchPoint(1_400_000, 1, 1));
    assertThat(MARIN.agreesBefore(1_400_000, new BatchSchedule(longer))).isTrue();
    assertThat(MARIN.agreesBefore(1_400_001, new BatchSchedule(longer))).isFalse();
    assertThat(MARIN.agreesBefore(0, null)).isTrue();
    assertThat(MARIN.agreesBefore(1, null)).isFalse();
  }

  @Test
  void namesThePointThatIsWrong() {
    assertThatThrownBy(() ->
            BatchSchedule.of(
                "batchSchedule", List.of(new BatchPoint(0, 1, 1), new BatchPoint(0, 1, 1))))
        .hasMessageStartingWith("batchSchedule[1].fromStep: ");
    assertThatThrownBy(() -> BatchSchedule.of("x", List.of(new BatchPoint(-1, 1, 1))))
        .hasMessageStartingWith("x[0].fromStep: ");
    assertThatThrownBy(() -> BatchSchedule.of("x", List.of(new BatchPoint(0, 0, 1))))
        .hasMessageStartingWith("x[0]: ");
    assertThatThrownBy(() -> BatchSchedule.of("x", List.of())).hasMessageStartingWith("x: ");
  }

  private static BatchPoint pointOf(BatchSchedule schedule, long step) {
    var holding = schedule.points().getFirst();
    for (var point : schedule.points()) {
      if (point.fromStep() <= step) {
        holding = point;
      }
    }
    return holding;
  }

  private static BatchSchedule randomSchedule(Random random) {
    var points = new ArrayList<BatchPoint>();
    long from = random.nextInt(3);
    for (int i = 0; i <= random.nextInt(6); i++) {
      points.add(new BatchPoint(from, 1 + random.nextInt(5_000), 1 + random.nextInt(5_000)));
      from += 1 + random.nextInt(80);
    }
    return new BatchSchedule(points);
  }
}
