package org.cairn.tensor;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Optional;
import org.cairn.artifact.ArtifactInspector;
import org.cairn.platform.Sha256;

/** Indexes safetensors files while they are verified. */
@ApplicationScoped
class SafetensorsInspector implements ArtifactInspector {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * A header that is too long is a fault worth telling; one that is longer than this is no header
   * but the beginning of a text.
   */
  private static final long LONGEST = 1L << 40;

  private final TensorIndexService index;

  SafetensorsInspector(TensorIndexService index) {
    this.index = index;
  }

  /** By the bytes and not by a name, which an artifact does not have. */
  @Override
  public Optional<Inspection> begin(long size, byte[] beginning, int length) {
    return looksLikeSafetensors(beginning, length)
        ? Optional.of(new SafetensorsInspection(size, index::save))
        : Optional.empty();
  }

  @Override
  public void forget(Collection<Sha256> digests) {
    index.forget(digests);
  }

  private static boolean looksLikeSafetensors(byte[] beginning, int length) {
    if (length < 9 || beginning[8] != '{') {
      return false;
    }
    long header = (long) LONGS.get(beginning, 0);
    return header > 0 && header < LONGEST;
  }
}
