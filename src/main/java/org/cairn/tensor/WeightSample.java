package org.cairn.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a tensor at the places of {@link WeightSampler}; kept as little-endian single
 * precision, which is near enough to tell checkpoints apart.
 */
public final class WeightSample {

  /** Where the pseudo-random places begin; evidence names it. */
  public static final long SEED = 20_261_123;

  /** Of a tensor of which none are taken. */
  public static final WeightSample NONE = new WeightSample(new float[0]);

  /** Elements of all tensors of a file together; twice what OTRRS 1.0.0 asks of a checkpoint. */
  static final int FILE = 8_192;

  /** Elements of each tensor, however many there are. */
  static final int LEAST = 4;

  private final float[] values;

  WeightSample(float[] values) {
    this.values = values;
  }

  /** The elements as they were kept. */
  public static WeightSample of(byte[] bytes) {
    var values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new WeightSample(values);
  }

  byte[] bytes() {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** Not to be changed. */
  public float[] values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WeightSample sample && Arrays.equals(values, sample.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }
}
