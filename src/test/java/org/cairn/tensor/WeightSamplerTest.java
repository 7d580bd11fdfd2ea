package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightSamplerTest {

  /** Elements that are their own places. */
  private static byte[] places(int elements) {
    var bytes = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, elements).forEach(bytes::putFloat);
    return bytes.array();
  }

  private static float[] sample(byte[] bytes, int count, Random pieces) {
    var sampler = WeightSampler.of(TensorType.F32, bytes.length / 4, count).orElseThrow();
    for (int at = 0; at < bytes.length; ) {
      int some = Math.min(bytes.length - at, 1 + pieces.nextInt(1000));
      sampler.add(bytes, at, some);
      at += some;
    }
    return sampler.result().values();
  }

  @Test
  void aSmallerSampleIsTheBeginningOfALargerOneHoweverTheBytesArrive() {
    for (int elements : new int[] {0, 1, 7, 1023, 1024, 1025, 5_000, 100_000}) {
      var bytes = places(elements);
      var large = sample(bytes, 500, new Random(1));
      var small = sample(bytes, 60, new Random(2));
      assertThat(small).hasSize(Math.min(60, elements));
      assertThat(Arrays.copyOf(large, small.length)).containsExactly(small);
      assertThat(WeightSample.of(new WeightSample(large).bytes()).values()).containsExactly(large);
    }
  }

  @Test
  void ofASmallTensorEachElementIsTakenOnce() {
    var sample = sample(places(700), 8_192, new Random(3));
    Arrays.sort(sample);
    assertThat(sample).containsExactly(all(700));
  }

  private static float[] all(int elements) {
    var all = new float[elements];
    IntStream.range(0, elements).forEach(i -> all[i] = i);
    return all;
  }

  @Test
  void placesLieEverywhere() {
    var tenths = new int[10];
    for (float place : sample(places(100_000), 5_000, new Random(4))) {
      tenths[(int) (place / 10_000)]++;
    }
    assertThat(IntStream.of(tenths).boxed()).allMatch(count -> count > 400 && count < 600);
  }

  private static TensorEntry entry(long elements) {
    return new TensorEntry("t" + elements, "F32", List.of(elements), 0, 4 * elements);
  }

  @Test
  void smallTensorsLeaveTheirPartToLargeOnes() {
    assertThat(WeightSampler.count(List.of(entry(1L << 40)))).isEqualTo(8_192);
    assertThat(WeightSampler.count(List.of(entry(192), entry(100_000)))).isEqualTo(8_000);
    assertThat(WeightSampler.count(List.of(entry(3)))).isEqualTo(8_192);
    var many = IntStream.range(0, 50_000).mapToObj(i -> entry(1_000)).toList();
    assertThat(WeightSampler.count(many)).isEqualTo(4);
  }
}
