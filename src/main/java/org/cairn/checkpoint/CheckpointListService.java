package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/**
 * Lists the checkpoints of a run: all of them by pages, evenly spaced ones, or the one nearest to a
 * target.
 */
@ApplicationScoped
class CheckpointListService {

  private final RunService runs;
  private final CheckpointQueries queries;
  private final CheckpointContentQueries contents;
  private final CheckpointReader reader;

  CheckpointListService(
      RunService runs,
      CheckpointQueries queries,
      CheckpointContentQueries contents,
      CheckpointReader reader) {
    this.runs = runs;
    this.queries = queries;
    this.contents = contents;
    this.reader = reader;
  }

  /** At most one of the three ways to choose; none of them means all. */
  record Choice(
      @Nullable Spacing spacing,
      @Nullable Integer points,
      @Nullable Long nearestStep,
      @Nullable Long nearestTokens) {

    Choice {
      int ways =
          (spacing != null ? 1 : 0)
              + (nearestStep != null ? 1 : 0)
              + (nearestTokens != null ? 1 : 0);
      if (ways > 1) {
        throw RegistryException.invalid(
            "spacing", "only one of spacing, nearestStep and nearestTokens can choose");
      }
      if (points != null && spacing == null) {
        throw RegistryException.invalid("points", "needs spacing=log or spacing=linear");
      }
    }
  }

  @Transactional
  PageView<CheckpointView> list(
      String project,
      String run,
      CheckpointFilter filter,
      Choice choice,
      boolean withFiles,
      @Nullable String pageToken,
      int pageSize) {
    var ref = runs.ref(project, run);
    var chosen = chosen(ref, filter, choice);
    if (chosen.isPresent()) {
      return whole(ref, chosen.get(), withFiles);
    }
    var rows = queries.page(ref.id(), filter, PageToken.parse(pageToken, 4), pageSize + 1);
    int size = Math.min(rows.size(), pageSize);
    size = withFiles ? Math.min(size, reader.showable(rows)) : size;
    boolean more = rows.size() > size;
    var shown = rows.subList(0, size);
    return new PageView<>(
        reader.views(ref, shown, withFiles),
        more ? CheckpointQueries.token(shown.getLast()).toString() : null);
  }

  /** The few that were chosen; empty where all were asked for. */
  private Optional<List<CheckpointRow>> chosen(RunRef run, CheckpointFilter filter, Choice choice) {
    if (choice.spacing() != null) {
      int points = choice.points() == null ? 20 : choice.points();
      return Optional.of(spaced(run, filter, choice.spacing(), points));
    }
    if (choice.nearestStep() != null) {
      return Optional.of(nearest(run, filter, CheckpointQueries.Axis.STEP, choice.nearestStep()));
    }
    if (choice.nearestTokens() != null) {
      return Optional.of(
          nearest(run, filter, CheckpointQueries.Axis.TOKENS, choice.nearestTokens()));
    }
    return Optional.empty();
  }

  /** All that a selection leaves, in order of training; refuses more than {@code most}. */
  @Transactional
  List<CheckpointRow> select(String project, String run, CheckpointSelection selection, int most) {
    var ref = runs.ref(project, run);
    var filter = selection.filter();
    var rows =
        chosen(ref, filter, selection.choice())
            .orElseGet(() -> queries.page(ref.id(), filter, null, most + 1));
    if (rows.size() > most) {
      throw RegistryException.invalid(
          "points",
          "there are more than " + most + " checkpoints: choose some with spacing and points");
    }
    return rows;
  }

  @Transactional
  Versioned<CheckpointView> get(String project, String run, String checkpoint) {
    var ref = runs.ref(project, run);
    var row = reader.get(ref, checkpoint);
    var view = reader.views(ref, List.of(row), true).getFirst();
    return new Versioned<>(
        view, row.state() == CheckpointState.SEALED ? versionOfSealed(view) : row.version());
  }

  /**
   * Of a sealed checkpoint only the labels change. Its version follows from what is shown, so that
   * it is the same in a catalogue that was made again.
   */
  private static long versionOfSealed(CheckpointView view) {
    var shown = view.manifestDigest() + "\n" + String.join("\n", view.labels());
    var digest = Sha256.of(shown.getBytes(StandardCharsets.UTF_8)).bytes();
    return ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
  }

  @Transactional
  CheckpointRow row(String project, String run, String checkpoint) {
    return reader.get(runs.ref(project, run), checkpoint);
  }

  /** A file of a checkpoint and whether it can still change. */
  record FoundFile(FileRequest file, boolean sealed) {}

  @Transactional
  FoundFile file(String project, String run, String checkpoint, String path) {
    var row = reader.get(runs.ref(project, run), checkpoint);
    var file =
        (!Names.faultOfPath(path).isEmpty()
                ? Optional.<FileRequest>empty()
                : contents.file(row.id(), path))
            .orElseThrow(
                () -> RegistryException.notFound("file", path + " in checkpoint " + row.label()));
    return new FoundFile(file, row.state() == CheckpointState.SEALED);
  }

  private List<CheckpointRow> spaced(
      RunRef run, CheckpointFilter filter, Spacing spacing, int points) {
    var places = queries.places(run.id(), filter);
    if (places.size() > CheckpointQueries.SPACING_MAX) {
      throw RegistryException.invalid(
          "spacing",
          "chooses from at most "
              + CheckpointQueries.SPACING_MAX
              + " checkpoints: narrow it with stage, stepFrom or stepTo");
    }
    if (places.isEmpty()) {
      return List.of();
    }
    var positions = places.stream().mapToLong(CheckpointQueries.Place::position).toArray();
    var chosen =
        spacing == Spacing.LOG
            ? LogSpacing.logarithmic(positions, points)
            : LogSpacing.linear(positions, points);
    return queries.byIds(chosen.stream().map(i -> places.get(i).id()).toList());
  }

  private List<CheckpointRow> nearest(
      RunRef run, CheckpointFilter filter, CheckpointQueries.Axis axis, long target) {
    return queries.nearest(run.id(), filter, axis, target).stream().toList();
  }

  private PageView<CheckpointView> whole(RunRef run, List<CheckpointRow> rows, boolean withFiles) {
    if (withFiles && reader.showable(rows) < rows.size()) {
      throw RegistryException.invalid(
          "include",
          "an answer has at most "
              + CheckpointReader.FILES_SHOWN
              + " files: choose fewer points, or leave the files out");
    }
    return new PageView<>(reader.views(run, rows, withFiles), null);
  }
}
