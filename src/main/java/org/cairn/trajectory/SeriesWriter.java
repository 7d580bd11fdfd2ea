package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.cairn.api.RegistryException;
import org.cairn.tensor.NumpyHeader;
import org.cairn.tensor.SafetensorsWriter;
import org.cairn.tensor.TensorReader;
import org.cairn.trajectory.TensorSeries.Point;

/** Puts the parts of a series together as a format has them. */
final class SeriesWriter {

  /** What safetensors keeps for itself among the names of tensors. */
  private static final String METADATA = "__metadata__";

  private final TensorSeries series;
  private final List<TensorReader.Part> parts;

  /**
   * @param parts of the points, in their order
   */
  SeriesWriter(TensorSeries series, List<TensorReader.Part> parts) {
    this.series = series;
    this.parts = parts;
  }

  List<Piece> safetensors() {
    var writer = new SafetensorsWriter(metadata());
    for (int i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      var entry = entry(i);
      if (entry.equals(METADATA)) {
        throw RegistryException.invalid(
            "format",
            "safetensors cannot have an entry "
                + METADATA
                + ", as a checkpoint is called: ask for npy or arrow");
      }
      writer.add(entry, part.tensor().dtype(), part.shape(), part.body().size());
    }
    var pieces = new ArrayList<Piece>();
    pieces.add(Piece.of(writer.header()));
    parts.forEach(part -> pieces.add(Piece.of(part.body())));
    return pieces;
  }

  List<Piece> npy() {
    requireAgreement(SeriesFormat.NPY);
    var first = parts.getFirst();
    var shape = new ArrayList<Long>();
    shape.add((long) parts.size());
    shape.addAll(first.shape());
    var pieces = new ArrayList<Piece>();
    pieces.add(Piece.of(NumpyHeader.of(first.body().dtype(), shape)));
    parts.forEach(part -> pieces.add(Piece.of(part.body())));
    return pieces;
  }

  List<Piece> arrow() {
    requireAgreement(SeriesFormat.ARROW);
    var first = parts.getFirst();
    var type = ArrowType.of(first.body().dtype());
    long count = first.body().size() * Byte.SIZE / type.bits();
    if (count > Integer.MAX_VALUE) {
      throw RegistryException.invalid(
          "format",
          "arrow has at most "
              + Integer.MAX_VALUE
              + " elements in a row, and here are "
              + count
              + ": ask for a slice, or for safetensors");
    }
    var pieces = new ArrayList<Piece>();
    pieces.add(
        Piece.of(
            ArrowSchema.message(
                type, (int) count, first.shape(), series.severalRuns(), metadata())));
    for (int i = 0; i < parts.size(); i++) {
      var body = parts.get(i).body();
      pieces.add(Piece.of(batch(series.points().get(i)).tensor(count, body.size())));
      pieces.add(Piece.of(body));
      pieces.add(Piece.of(new byte[(int) (ArrowMessage.padded(body.size()) - body.size())]));
    }
    pieces.add(Piece.of(ArrowMessage.end()));
    return pieces;
  }

  private ArrowBatch batch(Point point) {
    var batch = new ArrowBatch();
    if (series.severalRuns()) {
      batch.text(point.run().toString());
    }
    batch.text(point.checkpoint().label());
    batch.number(point.checkpoint().step());
    batch.number(point.checkpoint().tokens());
    return batch;
  }

  private SequencedMap<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put(
        series.severalRuns() ? "runs" : "run",
        series.runs().stream().map(RunName::toString).collect(Collectors.joining(",")));
    metadata.put("tensor", series.name());
    metadata.put(
        "steps", series.steps().stream().map(String::valueOf).collect(Collectors.joining(",")));
    return metadata;
  }

  private void requireAgreement(SeriesFormat format) {
    var first = parts.getFirst();
    for (int i = 1; i < parts.size(); i++) {
      var other = parts.get(i);
      if (!other.tensor().dtype().equals(first.tensor().dtype())
          || !other.shape().equals(first.shape())) {
        throw RegistryException.invalid(
            "format",
            "%s has tensors of one type and shape, and here are %s %s in %s and %s %s in %s: ask for safetensors, or for fewer checkpoints"
                .formatted(
                    format,
                    first.tensor().dtype(),
                    first.shape(),
                    entry(0),
                    other.tensor().dtype(),
                    other.shape(),
                    entry(i)));
      }
    }
  }

  private String entry(int index) {
    return series.entry(series.points().get(index));
  }
}
