package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorPartTest {

  private static final Sha256 ANY = Sha256.of(new byte[0]);

  private static StoredTensor tensor(String dtype, List<Long> shape, long size) {
    return new StoredTensor(ANY, "t", dtype, shape, 100, size, ANY, ANY, null);
  }

  private static byte[] read(TensorReader.Body body, long from, long length) {
    try (InputStream in = body.open(from, length)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Any slice of any tensor is what indexing one element after the other gives. */
  @Test
  void isWhatIndexingGives() {
    var random = new Random(3);
    for (int round = 0; round < 3_000; round++) {
      int rank = random.nextInt(5);
      var shape = new ArrayList<Long>();
      var slice = new ArrayList<String>();
      var chosen = new ArrayList<List<Integer>>();
      for (int axis = 0; axis < rank; axis++) {
        int extent = random.nextInt(1, 7);
        shape.add((long) extent);
        chosen.add(axis(random, extent, slice));
      }
      int elements = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
      var bytes = new byte[4 * elements];
      random.nextBytes(bytes);
      var expected = new ArrayList<Byte>();
      gather(bytes, shape, chosen, 0, 0, expected);
      var text = rank == 0 ? null : String.join(",", slice);
      var body = new TensorPart(tensor("F32", shape, bytes.length), text).raw(from(bytes));
      assertThat(body.size()).as(shape + text).isEqualTo(expected.size());
      int begin = random.nextInt(expected.size() + 1);
      int length = random.nextInt(expected.size() - begin + 1);
      assertThat(read(body, begin, length))
          .as(shape + text)
          .containsExactly(expected.subList(begin, begin + length).toArray(Byte[]::new));
    }
  }

  private static List<Integer> axis(Random random, int extent, List<String> slice) {
    if (random.nextInt(4) == 0) {
      int index = random.nextInt(extent);
      slice.add(String.valueOf(random.nextBoolean() ? index : index - extent));
      return List.of(index);
    }
    int start = random.nextInt(extent + 1);
    int stop = random.nextInt(extent + 1);
    slice.add(
        (start == 0 && random.nextBoolean() ? "" : String.valueOf(start))
            + ":"
            + (stop == extent && random.nextBoolean() ? "" : String.valueOf(stop)));
    var indices = new ArrayList<Integer>();
    for (int index = start; index < stop; index++) {
      indices.add(index);
    }
    return indices;
  }

  private static void gather(
      byte[] bytes,
      List<Long> shape,
      List<List<Integer>> chosen,
      int axis,
      int offset,
      List<Byte> into) {
    if (axis == shape.size()) {
      for (int i = 0; i < 4; i++) {
        into.add(bytes[4 * offset + i]);
      }
      return;
    }
    for (int index : chosen.get(axis)) {
      gather(bytes, shape, chosen, axis + 1, offset * shape.get(axis).intValue() + index, into);
    }
  }

  private static SliceStream.Opener from(byte[] bytes) {
    return range ->
        new ByteArrayInputStream(
            bytes, Math.toIntExact(range.offset()), Math.toIntExact(range.length()));
  }

  /** Blocks far from each other are asked for one by one, near ones together. */
  @Test
  void readsNoMoreThanIsWorthARequest() throws IOException {
    var asked = new ArrayList<Long>();
    var part = new TensorPart(tensor("U8", List.of(4L, 2L, 300_000L), 2_400_000), "1:3,:,0:10");
    var body =
        part.raw(range -> {
          asked.add(range.length());
          return InputStream.nullInputStream();
        });
    try (var in = body.open(0, body.size())) {
      assertThatThrownBy(in::readAllBytes).hasMessageContaining("less than the index says");
    }
    assertThat(asked).containsExactly(10L);
    asked.clear();
    var near = new TensorPart(tensor("U8", List.of(4L, 2L, 1000L), 8_000), "1:3,:,0:10");
    read(
        near.raw(range -> {
          asked.add(range.length());
          return new ByteArrayInputStream(new byte[Math.toIntExact(range.length())]);
        }),
        0,
        40);
    assertThat(asked).containsExactly(3010L);
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void numpyGetsEveryValue(TensorType type) {
    var random = new Random(1);
    var bytes = new byte[24 * 2500];
    random.nextBytes(bytes);
    long elements = bytes.length * 8L / type.bits();
    var part = new TensorPart(tensor(type.name(), List.of(elements), bytes.length), null);
    var body = part.numpy(from(bytes));
    if (NumpyHeader.descr(type).isPresent()) {
      assertThat(read(body, 0, body.size())).isEqualTo(bytes);
      return;
    }
    assertThat(body.dtype()).isEqualTo("<f4");
    var values = type.values16();
    var expected =
        ByteBuffer.allocate(Math.toIntExact(4 * elements)).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < elements; i++) {
      long bit = i * type.bits();
      int at = Math.toIntExact(bit / 8);
      int two = (bytes[at] & 0xff) | (at + 1 < bytes.length ? (bytes[at + 1] & 0xff) << 8 : 0);
      int pattern = (two >> (bit % 8)) & ((1 << type.bits()) - 1);
      assertThat((double) (float) values[pattern]).isEqualTo(Double.valueOf(values[pattern]));
      expected.putFloat((float) values[pattern]);
    }
    assertThat(read(body, 0, body.size())).isEqualTo(expected.array());
    for (int round = 0; round < 50; round++) {
      int begin = random.nextInt(expected.capacity());
      int length = random.nextInt(Math.min(300_000, expected.capacity() - begin) + 1);
      assertThat(read(body, begin, length))
          .isEqualTo(Arrays.copyOfRange(expected.array(), begin, begin + length));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,0,0,0     | has 4 axes",
        "9           | has the index 9 in an axis of 4",
        "-5          | has the index -5",
        "0:4:2       | has a step",
        "1-2         | is no number",
        "''          | is no number",
        "9999999999999999999 | is no number",
      })
  void refusesWhatIsNoSlice(String slice, String reason) {
    assertThatThrownBy(() -> new TensorPart(tensor("F32", List.of(4L, 3L, 2L), 96), slice))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesToCutABleedingByte() {
    var packed = tensor("F4", List.of(3L, 4L), 6);
    assertThat(new TensorPart(packed, "1:,0:2").raw(from(new byte[6])).size()).isEqualTo(2);
    assertThatThrownBy(() -> new TensorPart(packed, ":,0:3"))
        .hasMessageContaining("cuts within a byte");
    var unknown = tensor("F8_NEW", List.of(3L), 3);
    assertThat(new TensorPart(unknown, null).raw(from(new byte[3])).size()).isEqualTo(3);
    assertThatThrownBy(() -> new TensorPart(unknown, "0")).hasMessageContaining("only as a whole");
    assertThatThrownBy(() -> new TensorPart(unknown, null).numpy(from(new byte[3])))
        .hasMessageContaining("cannot be written for NumPy");
  }

  @Test
  void anEmptyPartIsAskedForNowhere() {
    var part = new TensorPart(tensor("F32", List.of(4L, 0L), 0), null);
    var body =
        part.raw(range -> {
          throw new AssertionError("nothing is there");
        });
    assertThat(read(body, 0, 0)).isEmpty();
    assertThatThrownBy(part::stretch).isInstanceOf(RegistryException.class);
  }
}
