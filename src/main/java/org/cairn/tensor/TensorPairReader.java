package org.cairn.tensor;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.cairn.artifact.ArtifactReader;
import org.cairn.artifact.LocatedArtifacts;
import org.cairn.storage.ByteRange;

/**
 * Measures pairs of tensors: reads each of both once, from its own bytes only, and holds a few
 * blocks of them. Talks to the store, so never to be called inside a transaction.
 */
@ApplicationScoped
public class TensorPairReader {

  /** Bytes read at once: whole blocks of every type. */
  private static final int PIECE = 24 * PairMoments.BLOCK;

  private final ArtifactReader artifacts;

  TensorPairReader(ArtifactReader artifacts) {
    this.artifacts = artifacts;
  }

  /** For pairs of these tensors: where their files lie is asked once. */
  public Measuring among(Collection<StoredTensor> tensors) {
    return new Measuring(
        artifacts.locate(tensors.stream().map(StoredTensor::file).collect(Collectors.toSet())));
  }

  /** Measures pairs among tensors whose files were found. */
  public static final class Measuring {
    private final LocatedArtifacts files;

    private Measuring(LocatedArtifacts files) {
      this.files = files;
    }

    /** Measures two tensors that make a {@link TensorPair}. */
    public PairMeasure measure(StoredTensor a, StoredTensor b) {
      var type =
          TensorType.of(a.dtype())
              .orElseThrow(() -> new IllegalArgumentException(a.dtype() + " has no values"));
      var moments = new PairMoments(type);
      if (a.size() > 0) {
        try (var left = open(a);
            var right = open(b)) {
          read(left, right, a.size(), moments);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return PairMeasure.of(a, b, moments.distance(), moments.innerProduct());
    }

    private InputStream open(StoredTensor tensor) {
      return files.open(tensor.file(), new ByteRange(tensor.firstByte(), tensor.size()));
    }
  }

  private static void read(InputStream left, InputStream right, long size, PairMoments moments)
      throws IOException {
    var leftBytes = new byte[PIECE];
    var rightBytes = new byte[PIECE];
    for (long rest = size; rest > 0; ) {
      int some = (int) Math.min(PIECE, rest);
      if (left.readNBytes(leftBytes, 0, some) < some
          || right.readNBytes(rightBytes, 0, some) < some) {
        throw new EOFException("there are fewer elements than the index says");
      }
      moments.add(leftBytes, rightBytes, some);
      rest -= some;
    }
  }
}
