package org.cairn.tensor;

import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.cairn.artifact.ArtifactInspector;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Indexes one file, in two lanes: digests of the tensors cost as much as the digest of the file,
 * and statistics not much less. Each lane reads the header for itself.
 */
final class SafetensorsInspection implements ArtifactInspector.Inspection {

  private final BiConsumer<Sha256, SafetensorsIndex> keeper;
  private final Lane<TensorDigests> digests;
  private final Lane<Optional<TensorStatistics>> statistics;

  SafetensorsInspection(long size, BiConsumer<Sha256, SafetensorsIndex> keeper) {
    this.keeper = keeper;
    this.digests = new Lane<>(new SafetensorsScan<>(size, TensorHasher::new));
    this.statistics = new Lane<>(new SafetensorsScan<>(size, StatisticsGatherer::visitor));
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
    return List.of(digests, statistics);
  }

  @Override
  public void keep(Sha256 sha256) {
    keeper.accept(sha256, result());
  }

  SafetensorsIndex result() {
    var hashed = digests.finish();
    var gathered = statistics.finish();
    var scan = digests.scan;
    var fault = digests.fault == null ? statistics.fault : digests.fault;
    if (fault != null) {
      return SafetensorsIndex.faulty(fault);
    }
    var tensors = new ArrayList<IndexedTensor>(hashed.size());
    for (int i = 0; i < hashed.size(); i++) {
      tensors.add(
          new IndexedTensor(scan.entries().get(i), hashed.get(i), gathered.get(i).orElse(null)));
    }
    return new SafetensorsIndex(
        scan.dataOffset(), scan.beginning(), scan.metadata(), tensors, null);
  }
}
