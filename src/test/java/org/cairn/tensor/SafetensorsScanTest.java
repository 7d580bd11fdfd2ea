package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsScanTest {

  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @Test
  void isTheSameInPiecesOfAnySize() throws MalformedSafetensorsException {
    var random = new Random(5);
    var all = List.of(TensorType.values());
    for (int round = 0; round < 60; round++) {
      var names = new ArrayList<String>();
      var types = new ArrayList<TensorType>();
      var tensors = new ArrayList<byte[]>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        names.add("t" + i);
        types.add(all.get(random.nextInt(all.size())));
        // Twenty-four bytes hold a whole number of elements of every type.
        var bytes = new byte[24 * random.nextInt(40)];
        random.nextBytes(bytes);
        tensors.add(bytes);
      }
      var file = SafetensorsFile.of(names, types, tensors);
      var whole = SafetensorsFile.scan(file, file.length);
      assertThat(whole)
          .extracting(tensor -> tensor.digests().strict())
          .containsExactlyElementsOf(tensors.stream().map(Sha256::of).toList());
      assertThat(SafetensorsFile.scan(file, 1 + random.nextInt(50))).isEqualTo(whole);
    }
  }

  /** The lanes of an inspection are apart by a few buffers, and either may be ahead. */
  @Test
  void isTheSameForScansThatShareTheBeginning() throws MalformedSafetensorsException {
    var random = new Random(8);
    var file =
        SafetensorsFile.of(
            List.of("a", "b", "c"),
            List.of(TensorType.F32, TensorType.I8, TensorType.BF16),
            List.of(new byte[40], new byte[0], new byte[6]));
    var alone = SafetensorsFile.scan(file, file.length);
    for (int round = 0; round < 200; round++) {
      var beginning = new SafetensorsBeginning(file.length);
      var scans =
          List.of(
              new SafetensorsScan<>(beginning, TensorHasher::new),
              new SafetensorsScan<>(beginning, TensorHasher::new));
      int[] at = new int[2];
      while (at[0] < file.length || at[1] < file.length) {
        int which = random.nextInt(2);
        int length = Math.min(random.nextInt(60), file.length - at[which]);
        scans.get(which).add(file, at[which], length);
        at[which] += length;
      }
      for (var scan : scans) {
        assertThat(scan.finish()).isEqualTo(alone.stream().map(IndexedTensor::digests).toList());
      }
      assertThat(beginning.entries()).isEqualTo(alone.stream().map(IndexedTensor::entry).toList());
    }
  }

  @Test
  void refusesAHeaderToEachScan() {
    var file = SafetensorsFile.of("{\"a\":[]}", 4);
    var beginning = new SafetensorsBeginning(file.length);
    for (int scan = 0; scan < 2; scan++) {
      assertThatThrownBy(
              () -> new SafetensorsScan<>(beginning, TensorHasher::new).add(file, 0, file.length))
          .isInstanceOf(MalformedSafetensorsException.class)
          .hasMessageContaining("not one of the format");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {}   ",
        "{\"__metadata__\":{\"format\":\"pt\"}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,0],\"data_offsets\":[0,0]}}",
      })
  void takesFilesWithoutBytes(String header) throws MalformedSafetensorsException {
    assertThat(SafetensorsFile.scan(SafetensorsFile.of(header, 0), 3)).hasSizeLessThan(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'b':{'dtype':'F64','shape':[],'data_offsets':[0,8]}}   | 8 | b",
        "{'b':{'shape':[3],'data_offsets':[0,3],'dtype':'F8_NEW'}}    | 3 | b",
        "{'b':{'dtype':'F4','shape':[2,3],'data_offsets':[0,3]}}   | 3 | b",
        "{'é\\u0001x':{'dtype':'I8','shape':[2],'data_offsets':[0,2]}}    | 2 | é\u0001x",
      })
  void takesWhatTheFormatAllows(String header, int data, String name)
      throws MalformedSafetensorsException {
    var tensors = SafetensorsFile.scan(SafetensorsFile.of(header.replace('\'', '"'), data), 1);
    assertThat(tensors).extracting(tensor -> tensor.entry().name()).containsExactly(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                            | 0 | not a JSON object",
        "1                                                             | 0 | not a JSON object",
        "{                                                             | 0 | not JSON, or beyond its limits, at byte 1",
        "{} x                                                          | 0 | not JSON",
        "{} {}                                                         | 0 | something follows",
        "nonsense                                                      | 0 | not JSON",
        "{A,A}                                                         | 8 | twice",
        "{A,'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}      | 8 | another one has its bytes",
        "{A,'b':{'dtype':'F32','shape':[1],'data_offsets':[12,16]}}    | 16 | nothing has the bytes from 8",
        "{A}                                                           | 9 | the file has 9",
        "{A}                                                           | 7 | lies at 0 to 8 of 7",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}        | 8 | lies at 8 to 0",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}        | 8 | does not have 8 bytes",
        "{'a':{'dtype':'F4','shape':[3],'data_offsets':[0,2]}}         | 2 | does not have 2 bytes",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}} | 8 | does not have",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}       | 8 | outside 0 to 2^63-1",
        "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}} | 8 | outside",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}      | 8 | not one of the format",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}          | 8 | not one of the format",
        "{'a':{'dtype':'F32','shape':[[2]],'data_offsets':[0,8]}}      | 8 | not one of the format",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,9]}}      | 8 | two data_offsets",
        "{'a':{'dtype':'F32','shape':[2]}}                             | 8 | two data_offsets",
        "{'a':{'dtype':'','shape':[2],'data_offsets':[0,8]}}           | 8 | dtype",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}  | 8 | does not know",
        "{'a':{'dtype':{},'shape':[2],'data_offsets':[0,8]}}           | 8 | not one of the format",
        "{'a':null}                                                    | 0 | not one of the format",
        "{'__metadata__':{'a':1}}                                      | 0 | not one of the format",
        "{'__metadata__':{'a':['b']}}                                  | 0 | not one of the format",
      })
  void saysWhatIsWrong(String header, int data, String reason) {
    var file = SafetensorsFile.of(header.replace("A", A).replace('\'', '"'), data);
    assertThatThrownBy(() -> SafetensorsFile.scan(file, 5))
        .isInstanceOf(MalformedSafetensorsException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "0, the header is empty",
    "1000, the file has 92 after its length",
    "100000001, at most 100000000",
    "-1, 18446744073709551615",
  })
  void boundsTheHeader(long length, String reason) {
    var file = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertThatThrownBy(() -> SafetensorsFile.scan(file, 100))
        .isInstanceOf(MalformedSafetensorsException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void isNotTakenBeforeItsEnd() {
    var file = SafetensorsFile.of("{" + A + "}", 8);
    for (int length = 0; length < file.length; length++) {
      int end = length;
      assertThatThrownBy(
              () -> {
                var scan =
                    new SafetensorsScan<>(new SafetensorsBeginning(file.length), TensorHasher::new);
                scan.add(file, 0, end);
                scan.finish();
              })
          .isInstanceOf(MalformedSafetensorsException.class);
    }
  }

  @Test
  void memoryIsBoundedWhateverTheHeaderSays() {
    var names = new StringBuilder("{");
    for (int i = 0; i < 300_000; i++) {
      names.append("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
    }
    var metadata = new StringBuilder("{\"__metadata__\":{");
    for (int i = 0; i < 400_000; i++) {
      metadata.append("\"%d\":\"\",".formatted(i));
    }
    for (var header :
        List.of(
            names.toString(),
            metadata.toString(),
            "[".repeat(1000),
            "{\"" + "a".repeat(2_000_000) + "\":",
            "{\"a\":{\"shape\":[" + "1,".repeat(100_000),
            "{\"a\":{\"shape\":[" + "1".repeat(100_000))) {
      assertThatThrownBy(() -> SafetensorsFile.scan(SafetensorsFile.of(header, 0), 1 << 16))
          .as(header.substring(0, 20))
          .isInstanceOf(MalformedSafetensorsException.class);
    }
  }

  /** A token that does not end is not gathered for ever: none of these makes the reader hold it. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"{\", a", "{\"a\":{\"dtype\":\", F", "{\"a\":{\"shape\":[, 1", "{\"a\":, ` `"})
  void gathersNoEndlessToken(String beginning, String rest) throws MalformedSafetensorsException {
    var scan =
        new SafetensorsScan<>(
            new SafetensorsBeginning(SafetensorsHeader.MAX_LENGTH + 8), TensorHasher::new);
    var prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    scan.add(prefix.putLong(SafetensorsHeader.MAX_LENGTH).array(), 0, 8);
    scan.add(beginning.getBytes(StandardCharsets.UTF_8), 0, beginning.length());
    var piece = rest.repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> {
              for (long sent = 0; sent < 8 << 20; sent += piece.length) {
                scan.add(piece, 0, piece.length);
              }
            })
        .isInstanceOf(MalformedSafetensorsException.class);
  }

  /** Whatever is changed in a header: it is refused with a reason, or its tensors tile the data. */
  @Test
  void survivesNoise() {
    var right =
        SafetensorsFile.of(
            "{\"__metadata__\":{\"format\":\"pt\"},%s,\"b\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[8,20]}}"
                .formatted(A),
            20);
    var random = new Random(17);
    for (int round = 0; round < 20_000; round++) {
      var file = right.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(10) == 0 ? random.nextInt(8) : 8 + random.nextInt(file.length - 28);
        file[at] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) "{}[],:\"0198".charAt(random.nextInt(11));
      }
      try {
        var tensors = SafetensorsFile.scan(file, 1 + random.nextInt(file.length));
        long position = 0;
        for (var tensor : tensors) {
          assertThat(tensor.entry().begin()).isEqualTo(position);
          position = tensor.entry().end();
        }
      } catch (MalformedSafetensorsException e) {
        assertThat(e).hasMessageMatching("(?s).{10,500}");
      }
    }
  }
}
