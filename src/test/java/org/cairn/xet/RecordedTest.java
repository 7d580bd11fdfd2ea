package org.cairn.xet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.Test;

/**
 * What hf_xet 1.8.0 sent for six files: floats, text, both of them in one file, noise, a MiB of
 * zeros and a single byte. All three ways to store a chunk occur in its xorb.
 */
class RecordedTest {

  static byte[] read(String name) throws IOException {
    try (var stream = RecordedTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream).readAllBytes();
    }
  }

  /** Makes every file of a shard of one xorb; answers the digests that came out right. */
  private static List<Sha256> make(byte[] shard, byte[] xorb) throws IOException {
    var scan = new XorbScan(new ByteArrayInputStream(xorb));
    assertThat(scan.readAllBytes()).hasSize(xorb.length);
    var index = XorbIndex.decode(scan.finish().encode());
    var made = new ArrayList<Sha256>();
    new ShardReader(new ByteArrayInputStream(shard))
        .read(
            new ShardReader.Visitor() {
              private Recipe recipe = new Recipe();

              @Override
              public void file() {
                recipe = new Recipe();
              }

              @Override
              public void term(XetHash hash, long from, long to, long size) throws IOException {
                var term = index.term(hash, from, to);
                if (term.size() != size) {
                  throw new MalformedContentException("another size");
                }
                recipe.add(term, index.size());
              }

              @Override
              public void end(Sha256 sha256) throws IOException {
                recipe.check();
                try (var file =
                    new FileStream(
                        Recipe.decode(recipe.encode()),
                        term -> new ByteArrayInputStream(xorb, term.offset(), term.stored()))) {
                  if (Sha256.of(file.readAllBytes()).equals(sha256)) {
                    made.add(sha256);
                  }
                }
              }
            });
    return made;
  }

  @Test
  void everyFileComesOutAsItWentIn() throws Exception {
    assertThat(make(read("hf_xet-1.8.0.shard"), read("hf_xet-1.8.0.xorb"))).hasSize(6);
  }

  @Test
  void changedXorbsAreReadOrRefused() throws Exception {
    var random = new Random(17);
    var shard = read("hf_xet-1.8.0.shard");
    var good = read("hf_xet-1.8.0.xorb");
    int right = 0;
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      var bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        right += make(shard, bad).size();
      } catch (MalformedContentException e) {
        refused++;
      }
    }
    // A changed bit in one chunk leaves the files without it as they are, and no other.
    assertThat(right).isBetween(1, 5 * (300 - refused));
  }
}
