package org.cairn.tensor;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.cairn.artifact.ArtifactInspector;
import org.cairn.platform.Sha256;

/** What is measured of this package, which keeps it to itself. */
public final class Inspectors {

  private Inspectors() {}

  /** As the service inspects, but for writing the index down. */
  public static ArtifactInspector indexing() {
    return new ArtifactInspector() {
      @Override
      public Optional<Inspection> begin(long size, byte[] beginning, int length) {
        return Optional.of(new SafetensorsInspection(size, (sha256, index) -> {}));
      }

      @Override
      public void forget(Collection<Sha256> digests) {
        // nothing was kept
      }
    };
  }

  /** Statistics of one tensor, from pieces of its bytes. */
  public static final class Statistics {
    private final StatisticsGatherer gatherer;

    public Statistics(String dtype) {
      this.gatherer = StatisticsGatherer.of(TensorType.valueOf(dtype), Long.MAX_VALUE);
    }

    public void add(byte[] bytes, int length) {
      gatherer.add(bytes, 0, length);
    }

    public List<Double> result() {
      var result = gatherer.result();
      return List.of(
          result.min(),
          result.max(),
          result.mean(),
          result.standardDeviation(),
          result.l1(),
          result.l2());
    }
  }
}
