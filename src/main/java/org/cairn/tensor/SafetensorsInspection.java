package org.cairn.tensor;

import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.cairn.artifact.ArtifactInspector;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Indexes one file, in two lanes: digests of the tensors cost as much as the digest of the file,
 * and statistics not much less.
 */
final class SafetensorsInspection implements ArtifactInspector.Inspection {

  private final SafetensorsBeginning beginning;
  private final BiConsumer<Sha256, SafetensorsIndex> keeper;
  private final Lane<TensorDigests> digests;
  private final Lane<TensorValues> values;
  private int sampled;

  SafetensorsInspection(long size, BiConsumer<Sha256, SafetensorsIndex> keeper) {
    this.keeper = keeper;
    this.beginning = new SafetensorsBeginning(size);
    this.digests = new Lane<>(new SafetensorsScan<>(beginning, TensorHasher::new));
    this.values = new Lane<>(new SafetensorsScan<>(beginning, this::values));
  }

  private TensorVisitor<TensorValues> values(TensorEntry tensor) {
    if (sampled == 0) {
      sampled = WeightSampler.count(beginning.entries());
    }
    return TensorValues.visitor(tensor, sampled);
  }

  /** Reads on after a fault without looking: the verification needs every byte, this does not. */
  private static final class Lane<R> implements ArtifactInspector.Lane {
    private final SafetensorsScan<R> scan;
    private @Nullable String fault;

    Lane(SafetensorsScan<R> scan) {
      this.scan = scan;
    }

    @Override
    public void add(byte[] bytes, int offset, int length) {
      if (fault != null) {
        return;
      }
      try {
        scan.add(bytes, offset, length);
      } catch (MalformedSafetensorsException e) {
        fault = e.getMessage();
      } catch (RuntimeException e) {
        // A mistake of this package must not cost anybody their upload.
        Log.error("A safetensors file could not be indexed", e);
        fault = "it could not be indexed, by a mistake of the registry: " + e;
      }
    }

    private List<R> finish() {
      if (fault == null) {
        try {
          return scan.finish();
        } catch (MalformedSafetensorsException e) {
          fault = e.getMessage();
        }
      }
      return List.of();
    }
  }

  @Override
  public List<ArtifactInspector.Lane> lanes() {
    return List.of(digests, values);
  }

  @Override
  public void keep(Sha256 sha256) {
    keeper.accept(sha256, result());
  }

  SafetensorsIndex result() {
    var hashed = digests.finish();
    var gathered = values.finish();
    var entries = beginning.entries();
    var fault = digests.fault == null ? values.fault : digests.fault;
    if (fault != null) {
      return SafetensorsIndex.faulty(fault);
    }
    var tensors = new ArrayList<IndexedTensor>(hashed.size());
    for (int i = 0; i < hashed.size(); i++) {
      var seen = gathered.get(i);
      tensors.add(
          new IndexedTensor(entries.get(i), hashed.get(i), seen.statistics(), seen.sample()));
    }
    return new SafetensorsIndex(
        beginning.dataOffset(), beginning.bytes(), beginning.metadata(), tensors, null);
  }
}
