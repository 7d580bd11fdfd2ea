package org.cairn.testsupport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds safetensors files, one tensor after the other. */
public final class Safetensors {

  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds a tensor of float32. */
  public Safetensors floats(String name, List<Integer> shape, float... values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, "F32", shape, bytes.array());
  }

  public Safetensors tensor(String name, String dtype, List<Integer> shape, byte[] bytes) {
    int begin = data.size();
    data.writeBytes(bytes);
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, dtype, shape, begin, data.size()));
    return this;
  }

  public byte[] bytes() {
    return file("{" + String.join(",", entries) + "}", data.toByteArray());
  }

  /** A file with any header. */
  public static byte[] file(String header, byte[] data) {
    var text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  /** The values of little-endian floats. */
  public static float[] floats(byte[] bytes, int from) {
    var values = new float[(bytes.length - from) / 4];
    ByteBuffer.wrap(bytes, from, values.length * 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  /** As many values as the shape has, none of them zero, different for each {@code seed}. */
  public static float[] values(int count, int seed) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(1 + i + 1000.0 * seed) + 2;
    }
    return Arrays.copyOf(values, count);
  }
}
