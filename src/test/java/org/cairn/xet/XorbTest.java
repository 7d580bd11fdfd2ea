package org.cairn.xet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairn.xet.Pieces.chunk;
import static org.cairn.xet.Pieces.data;
import static org.cairn.xet.Pieces.frame;
import static org.cairn.xet.Pieces.hash;
import static org.cairn.xet.Pieces.join;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cairn.artifact.MalformedContentException;
import org.cairn.xet.ChunkHeader.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Xorbs: what is read of good ones, and that bad ones are refused before they do harm. */
class XorbTest {

  private static XorbIndex scan(byte[] xorb, int step) throws IOException {
    var scan = new XorbScan(new ByteArrayInputStream(xorb));
    var buffer = new byte[step];
    for (int read = 0; read >= 0; ) {
      read = scan.read(buffer, 0, step);
    }
    return scan.finish();
  }

  private static byte[] read(byte[] xorb, List<Term> terms) throws IOException {
    try (var stream =
        new FileStream(
            terms.iterator(),
            term -> new ByteArrayInputStream(xorb, term.offset(), term.stored()))) {
      return stream.readAllBytes();
    }
  }

  private static void refused(byte[] xorb, String message) {
    assertThatThrownBy(() -> scan(xorb, 4096))
        .isInstanceOf(MalformedContentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource(Scheme.class)
  void chunksOfEverySizeAndCompressionComeOutAsTheyWentIn(Scheme scheme) throws Exception {
    for (int size : new int[] {1, 2, 3, 4, 5, 7, 64, 1001, 65_535, 65_537, 131_072}) {
      var bytes = data(size, size);
      var xorb = chunk(bytes, scheme);
      var index = scan(xorb, 1000);
      assertThat(index.count()).isOne();
      assertThat(read(xorb, List.of(index.term(hash(1), 0, 1)))).isEqualTo(bytes);
    }
  }

  @Test
  void stretchesAreReadWithoutTheOthers() throws Exception {
    var random = new Random(7);
    var chunks = new ArrayList<byte[]>();
    var pieces = new ArrayList<byte[]>();
    for (int i = 0; i < 50; i++) {
      var bytes = data(1 + random.nextInt(9000), i);
      chunks.add(bytes);
      pieces.add(chunk(bytes, Pieces.SCHEMES.get(i % 3)));
    }
    var xorb = join(pieces.toArray(byte[][]::new));
    for (int step : new int[] {1, 7, 8, 4096, xorb.length}) {
      var index = XorbIndex.decode(scan(xorb, step).encode());
      assertThat(index.count()).isEqualTo(50);
      var terms =
          List.of(
              index.term(hash(1), 10, 20),
              index.term(hash(1), 0, 3),
              index.term(hash(1), 49, 50),
              index.term(hash(1), 10, 11));
      var expected = new ArrayList<byte[]>();
      expected.addAll(chunks.subList(10, 20));
      expected.addAll(chunks.subList(0, 3));
      expected.add(chunks.get(49));
      expected.add(chunks.get(10));
      assertThat(read(xorb, terms)).isEqualTo(join(expected.toArray(byte[][]::new)));
    }
  }

  @Test
  void theFooterOfTheStorageFormatIsPassedOver() throws Exception {
    var xorb = join(chunk(data(10, 1), Scheme.NONE), text("XETBLOB and more"));
    assertThat(scan(xorb, 3).count()).isOne();
    refused(join(chunk(data(10, 1), Scheme.NONE), text("XETBLUB")), "not known");
    refused(join(chunk(data(10, 1), Scheme.NONE), text("XET")), "cut off");
  }

  @Test
  void whatCannotBeAXorbIsRefusedWhileItComesIn() throws Exception {
    refused(new byte[0], "no chunks");
    refused(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, "version 1");
    refused(new byte[] {0, 2, 3}, "cut off");
    var chunk = chunk(data(100, 1), Scheme.LZ4);
    refused(Arrays.copyOf(chunk, chunk.length - 1), "cut off");
    refused(chunk(new byte[10], 3, 10), "Compression 3");
    refused(chunk(new byte[10], 0, 11), "cannot be stored in 10");
    refused(chunk(new byte[0], 1, 11), "cannot be stored in 0");
    refused(chunk(new byte[10], 1, 0), "0 bytes");
    refused(chunk(new byte[10], 1, (128 << 10) + 1), "131073 bytes");
    refused(chunk(new byte[140_000], 1, 128 << 10), "cannot be stored in 140000");
  }

  /** A chunk of 128 KiB needs about 530 bytes: a thousand of them fit into half a megabyte. */
  @Test
  void aXorbDoesNotSwell() throws Exception {
    var bomb = chunk(new byte[128 << 10], Scheme.LZ4);
    var chunks = new byte[600][];
    Arrays.fill(chunks, bomb);
    refused(join(chunks), "at most");
    refused(repeated(chunk(new byte[1], Scheme.NONE), 70_000), "at most 65536");
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 101, 1, 131_072})
  void aChunkThatIsNotAsLongAsItSaysIsRefused(int claimed) throws Exception {
    var xorb = chunk(frame(data(100, 1)), 1, claimed);
    var index = scan(xorb, 100);
    assertThatThrownBy(() -> read(xorb, List.of(index.term(hash(1), 0, 1))))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void stretchesOutsideOfAXorbAreRefused() throws Exception {
    var index = scan(join(chunk(data(9, 1), Scheme.NONE), chunk(data(8, 1), Scheme.NONE)), 9);
    for (long[] range : new long[][] {{0, 0}, {1, 1}, {2, 1}, {0, 3}, {2, 3}, {0, 0xffffffffL}}) {
      assertThatThrownBy(() -> index.term(hash(1), range[0], range[1]))
          .isInstanceOf(MalformedContentException.class)
          .hasMessageContaining("has 2 chunks");
    }
  }

  /** Whatever the bytes, they are read or refused: nothing else happens, and soon. */
  @Test
  void changedBytesAreReadOrRefused() throws Exception {
    var random = new Random(11);
    var good =
        join(
            chunk(data(5000, 1), Scheme.LZ4),
            chunk(data(300, 2), Scheme.NONE),
            chunk(data(70_000, 3), Scheme.GROUPED_LZ4));
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      var bad = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        // Headers and the beginnings of frames are where it matters.
        int at = random.nextBoolean() ? random.nextInt(bad.length) : random.nextInt(24);
        bad[at] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      try {
        var index = scan(bad, 4096);
        var all = List.of(index.term(hash(1), 0, index.count()));
        assertThat(read(bad, all)).hasSize(index.size());
      } catch (MalformedContentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(5000);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] repeated(byte[] chunk, int times) {
    var chunks = new byte[times][];
    Arrays.fill(chunks, chunk);
    return join(chunks);
  }
}
