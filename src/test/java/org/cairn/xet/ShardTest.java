package org.cairn.xet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairn.xet.Pieces.data;
import static org.cairn.xet.Pieces.hash;
import static org.cairn.xet.Pieces.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;
import org.cairn.xet.Pieces.Description;
import org.cairn.xet.Pieces.Stretch;
import org.junit.jupiter.api.Test;

/** Shards: what is read of good ones, and that bad ones are refused. */
class ShardTest {

  private static final Sha256 FIRST = Sha256.of(data(1, 1));
  private static final Sha256 SECOND = Sha256.of(data(1, 2));

  private static final byte[] GOOD =
      shard(
          new Description(
              FIRST, List.of(new Stretch(hash(5), 0, 3, 300), new Stretch(hash(6), 7, 8, 10))),
          new Description(SECOND, List.of()));

  /** Writes down what it is told. */
  private static final class Notes implements ShardReader.Visitor {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void file() {
      lines.add("file");
    }

    @Override
    public void term(XetHash xorb, long from, long to, long size) {
      lines.add(xorb + " " + from + " " + to + " " + size);
    }

    @Override
    public void end(Sha256 sha256) {
      lines.add("end " + sha256);
    }
  }

  private static List<String> read(byte[] shard) throws IOException {
    var notes = new Notes();
    new ShardReader(new ByteArrayInputStream(shard)).read(notes);
    return notes.lines;
  }

  @Test
  void filesAndTheirStretchesAreRead() throws Exception {
    assertThat(read(GOOD))
        .containsExactly(
            "file",
            hash(5) + " 0 3 300",
            hash(6) + " 7 8 10",
            "end " + FIRST,
            "file",
            "end " + SECOND);
    // Without the footer, as most clients send it.
    assertThat(read(Arrays.copyOf(GOOD, GOOD.length - 200))).hasSize(6);
  }

  @Test
  void whatIsCutOffIsRefused() {
    for (int length = 0; length < GOOD.length - 200; length += 7) {
      var bad = Arrays.copyOf(GOOD, length);
      assertThatThrownBy(() -> read(bad))
          .isInstanceOf(MalformedContentException.class)
          .hasMessageContaining("cut off");
    }
  }

  @Test
  void whatIsNotAShardIsRefused() {
    refused(32, 3, "version 3");
    refused(5, 0, "not a shard");
    // The flag that says that there is a SHA-256.
    refused(48 + 35, 0x80, "no SHA-256");
    // More terms than anybody can send.
    refused(48 + 39, 0x7f, "cut off");
  }

  private static void refused(int at, int value, String message) {
    var bad = GOOD.clone();
    bad[at] = (byte) value;
    assertThatThrownBy(() -> read(bad))
        .isInstanceOf(MalformedContentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void tooManyFilesAreRefused() {
    var files = new Description[ShardReader.MAX_FILES + 1];
    Arrays.fill(files, new Description(FIRST, List.of()));
    assertThatThrownBy(() -> read(shard(files))).hasMessageContaining("at most 10000 files");
  }

  @Test
  void aFileMayRepeatItselfButNotWithoutEnd() throws Exception {
    var much = new Recipe();
    for (int i = 0; i < 64; i++) {
      much.add(new Term(hash(1), 0, 1000, 50 << 20), 50 << 20);
    }
    much.check();
    for (int i = 0; i < 64; i++) {
      much.add(new Term(hash(1), 0, 1000, 50 << 20), 50 << 20);
    }
    assertThatThrownBy(much::check).hasMessageContaining("too often");
    var zeros = new Recipe();
    for (int i = 0; i < 10_000; i++) {
      zeros.add(new Term(hash(1), 0, 500, 128 << 10), 128 << 10);
    }
    zeros.check();
    assertThat(zeros.size()).isEqualTo(10_000L << 17);
    var terms = Recipe.decode(zeros.encode());
    assertThat(terms.next()).isEqualTo(new Term(hash(1), 0, 500, 128 << 10));
  }

  /** Whatever the bytes, they are read or refused: nothing else happens, and soon. */
  @Test
  void changedBytesAreReadOrRefused() throws Exception {
    var random = new Random(13);
    int refused = 0;
    for (int round = 0; round < 100_000; round++) {
      var bad = GOOD.clone();
      for (int change = random.nextInt(5); change >= 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        var _ = read(bad);
      } catch (MalformedContentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }
}
