package org.cairn.trajectory;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.CheckpointSelection;
import org.cairn.checkpoint.CheckpointSelectionService;
import org.cairn.platform.Sha256;
import org.cairn.tensor.CanonicalNames;
import org.cairn.tensor.TensorService;
import org.jspecify.annotations.Nullable;

/**
 * Reads statistics of tensors across checkpoints.
 *
 * <p>Everything that can be wrong with a request is found before the first byte of the answer. The
 * rows are then read part by part, each in a transaction of its own, so that a slow client holds no
 * connection to the database.
 */
@ApplicationScoped
class StatisticsReader {

  static final int MAX_CHECKPOINTS = 2_000;
  static final int MAX_NAMES = 200;

  /** Names that a pattern is held against. */
  private static final int MAX_LISTED = 20_000;

  private final CheckpointSelectionService selections;
  private final TensorService tensors;
  private final CanonicalNames canonicalNames;
  private final PairSeries pairs;

  StatisticsReader(
      CheckpointSelectionService selections,
      TensorService tensors,
      CanonicalNames canonicalNames,
      PairSeries pairs) {
    this.selections = selections;
    this.tensors = tensors;
    this.canonicalNames = canonicalNames;
    this.pairs = pairs;
  }

  /** An answer that is ready to be written. */
  interface Answer {
    void writeTo(OutputStream out) throws IOException;
  }

  Answer read(
      String project,
      String run,
      CheckpointSelection selection,
      @Nullable List<String> name,
      Set<PairKind> kinds,
      StatisticsFormat format) {
    var names = StatisticsNames.parse(name, canonicalNames);
    var checkpoints = selections.select(project, run, selection, MAX_CHECKPOINTS);
    var files = StatisticsSeries.files(checkpoints);
    var series =
        new StatisticsSeries(
            checkpoints,
            names,
            files.isEmpty() ? Set.of() : spellings(names, files),
            tensors,
            canonicalNames);
    var columns = StatisticsColumn.of(kinds);
    if (kinds.isEmpty()) {
      return out -> {
        var sink = format.open(out, columns);
        for (int part = 0; part < series.parts(); part++) {
          for (var point : series.part(part)) {
            sink.write(StatisticsRow.of(point, PairValues.NONE));
          }
        }
        sink.finish();
      };
    }
    var rows = pairs.rows(series, kinds);
    return out -> {
      var sink = format.open(out, columns);
      for (var row : rows) {
        sink.write(row);
      }
      sink.finish();
    };
  }

  private Set<String> spellings(StatisticsNames names, Set<Sha256> files) {
    var among = names.spellings();
    var there = tensors.names(files, among, MAX_LISTED + 1);
    if (there.size() > MAX_LISTED) {
      throw RegistryException.invalid(
          "name",
          "these checkpoints have tensors of more than "
              + MAX_LISTED
              + " names, too many for a pattern: give whole names");
    }
    var meant = names.meant(there);
    if (meant.size() > MAX_NAMES) {
      throw RegistryException.invalid(
          "name",
          meant.size() + " tensors have such names, more than " + MAX_NAMES + ": ask for fewer");
    }
    return meant;
  }
}
