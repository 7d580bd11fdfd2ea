package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Chooses checkpoints for those who read their weights. */
@ApplicationScoped
public class CheckpointSelectionService {

  private final CheckpointListService lists;
  private final WeightFiles weights;

  CheckpointSelectionService(CheckpointListService lists, WeightFiles weights) {
    this.lists = lists;
    this.weights = weights;
  }

  /**
   * What a selection leaves of a run, in order of training.
   *
   * @param most refuses to answer more
   */
  @Transactional
  public List<SelectedCheckpoint> select(
      String project, String run, CheckpointSelection selection, int most) {
    var rows = lists.select(project, run, selection, most);
    var files = weights.of(rows);
    return rows.stream()
        .map(row ->
            new SelectedCheckpoint(
                row.id(),
                row.label(),
                row.stage(),
                row.branch(),
                row.step(),
                row.position(),
                row.tokens() == null ? row.claimedTokens() : row.tokens(),
                row.state() == CheckpointState.SEALED,
                files.getOrDefault(row.id(), List.of()).stream()
                    .map(WeightFiles.WeightFile::sha256)
                    .toList()))
        .toList();
  }
}
