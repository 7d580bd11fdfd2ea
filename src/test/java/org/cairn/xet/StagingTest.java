package org.cairn.xet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairn.xet.Pieces.chunk;
import static org.cairn.xet.Pieces.data;
import static org.cairn.xet.Pieces.hash;
import static org.cairn.xet.Pieces.join;
import static org.cairn.xet.Pieces.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;
import org.cairn.xet.ChunkHeader.Scheme;
import org.cairn.xet.Pieces.Description;
import org.cairn.xet.Pieces.Stretch;
import org.junit.jupiter.api.Test;

/** Pieces between the call that brings them and the job that reads them. */
class StagingTest {

  private final MemoryStore memory = new MemoryStore();
  private final Staging staging = new Staging(memory.store());
  private final UUID session = UUID.randomUUID();

  private boolean put(XetHash hash, byte[]... chunks) throws IOException {
    var xorb = join(chunks);
    return staging.putXorb(
        session, hash, new XorbScan(new ByteArrayInputStream(xorb)), xorb.length);
  }

  private List<ShardPlan.PlannedFile> plan(byte[] shard) throws IOException {
    var plan = new ShardPlan(staging, session);
    new ShardReader(new ByteArrayInputStream(shard)).read(plan);
    return plan.files();
  }

  @Test
  void aFileIsReadFromWhatItsRecipeNames() throws Exception {
    var a = data(100_000, 1);
    var b = data(777, 2);
    assertThat(put(hash(1), chunk(a, Scheme.LZ4), chunk(b, Scheme.NONE))).isTrue();
    assertThat(put(hash(2), chunk(a, Scheme.GROUPED_LZ4))).isTrue();
    assertThat(put(hash(1), chunk(a, Scheme.LZ4))).isFalse();
    var content = join(b, a, a, b);
    var files =
        plan(
            shard(
                new Description(
                    Sha256.of(content),
                    List.of(
                        new Stretch(hash(1), 1, 2, b.length),
                        new Stretch(hash(2), 0, 1, a.length),
                        new Stretch(hash(1), 0, 2, a.length + b.length)))));
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().size()).isEqualTo(content.length);
    assertThat(files.getFirst().sha256()).isEqualTo(Sha256.of(content));
    staging.putRecipe(session, "file", files.getFirst().recipe().encode());
    var source = new XetSource(staging);
    var pointer = XetSource.pointer(session, "file");
    try (var stream = source.open(pointer)) {
      assertThat(stream.readAllBytes()).isEqualTo(content);
    }
    source.release(pointer);
    source.release(pointer);
    assertThat(memory.objects).hasSize(4);
    assertThat(memory.uploads).isEmpty();
  }

  @Test
  void nothingIsLeftOfABadXorb() throws Exception {
    var bad = chunk(data(10, 1), Scheme.NONE);
    bad[4] = 9;
    assertThatThrownBy(() -> put(hash(1), chunk(data(10, 1), Scheme.NONE), bad))
        .isInstanceOf(MalformedContentException.class);
    assertThat(memory.objects).isEmpty();
    assertThat(memory.uploads).isEmpty();
    assertThat(staging.index(session, hash(1))).isEmpty();
  }

  @Test
  void whatIsNotInTheSessionIsRefused() throws Exception {
    var a = data(100, 1);
    put(hash(1), chunk(a, Scheme.NONE));
    for (var stretch :
        List.of(
            new Stretch(hash(2), 0, 1, 100),
            new Stretch(hash(1), 0, 2, 100),
            new Stretch(hash(1), 1, 1, 0),
            new Stretch(hash(1), 0, 1, 99))) {
      var bad = shard(new Description(Sha256.of(a), List.of(stretch)));
      assertThatThrownBy(() -> plan(bad)).isInstanceOf(MalformedContentException.class);
    }
    var good = shard(new Description(Sha256.of(a), List.of(new Stretch(hash(1), 0, 1, 100))));
    assertThat(plan(good)).hasSize(1);
    assertThatThrownBy(() ->
            new ShardReader(new ByteArrayInputStream(good))
                .read(new ShardPlan(staging, UUID.randomUUID())))
        .hasMessageContaining("was not sent");
  }
}
