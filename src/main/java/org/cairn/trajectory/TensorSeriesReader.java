package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.cairn.artifact.Content;
import org.cairn.platform.Sha256;
import org.cairn.tensor.StoredTensor;
import org.cairn.tensor.TensorFormat;
import org.cairn.tensor.TensorReader;
import org.jspecify.annotations.Nullable;

/** Reads a series out of verified files: only the bytes of its tensor. */
@ApplicationScoped
class TensorSeriesReader {

  private final TensorReader tensors;

  TensorSeriesReader(TensorReader tensors) {
    this.tensors = tensors;
  }

  /**
   * A series in a format.
   *
   * @param slice which part of each tensor, as {@link org.cairn.tensor.TensorSlice} reads it; null
   *     for all
   */
  Content content(TensorSeries series, @Nullable String slice, SeriesFormat format) {
    var elements = format == SeriesFormat.SAFETENSORS ? TensorFormat.SAFETENSORS : TensorFormat.NPY;
    var stored = series.points().stream().map(TensorSeries.Point::tensor).toList();
    var writer = new SeriesWriter(series, tensors.parts(stored, slice, elements));
    var pieces =
        switch (format) {
          case SAFETENSORS -> writer.safetensors();
          case NPY -> writer.npy();
          case ARROW -> writer.arrow();
        };
    return new Content(
        tag(series, slice, format),
        Piece.size(pieces),
        format.mediaType(),
        TensorReader.fileName(series.name()) + format.extension(),
        false,
        null,
        range -> SeriesStream.open(Piece.cut(pieces, range)));
  }

  private static String tag(TensorSeries series, @Nullable String slice, SeriesFormat format) {
    var digest = Sha256.newDigest();
    add(digest, series.name(), String.valueOf(slice), format.toString());
    for (var point : series.points()) {
      var tensor = point.tensor();
      var checkpoint = point.checkpoint();
      add(
          digest,
          series.severalRuns() + " " + point.run(),
          checkpoint.label(),
          checkpoint.step() + " " + checkpoint.tokens());
      add(digest, identity(tensor));
    }
    return Sha256.of(digest).hex();
  }

  private static String identity(StoredTensor tensor) {
    return tensor.sha256() + " " + tensor.dtype() + " " + tensor.shape();
  }

  /** None of these has a line break, but the name may: so each has its length. */
  private static void add(MessageDigest digest, String... values) {
    for (var value : values) {
      var bytes = value.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
  }
}
