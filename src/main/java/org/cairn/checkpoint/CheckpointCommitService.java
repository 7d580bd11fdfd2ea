package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.CheckpointCommitQueries.Row;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.cairn.platform.FileTable;
import org.cairn.platform.Sql;
import org.cairn.tensor.TensorService;

/**
 * Checkpoints as those see them who keep what they read under a commit: what a commit names never
 * changes, whether the checkpoint is sealed or not.
 */
@ApplicationScoped
public class CheckpointCommitService {

  /** A draft that changes while its commit is computed is looked at again this often. */
  private static final int ATTEMPTS = 5;

  private final CheckpointCommitQueries queries;
  private final CheckpointCommits commits;
  private final CheckpointReader reader;
  private final WeightFiles weights;
  private final TensorService tensors;
  private final FileTable files;

  CheckpointCommitService(
      CheckpointCommitQueries queries,
      CheckpointCommits commits,
      CheckpointReader reader,
      WeightFiles weights,
      TensorService tensors,
      Sql sql) {
    this.queries = queries;
    this.commits = commits;
    this.reader = reader;
    this.weights = weights;
    this.tensors = tensors;
    this.files = new FileTable(sql, "checkpoint_file", "checkpoint_id", "");
  }

  /** A label, whether it is the first one of its checkpoint, and the commit of that. */
  public record Label(String name, boolean primary, String commit) {}

  /** One of several names, and the checkpoint that it means. */
  public record Named(String name, CommittedCheckpoint checkpoint) {}

  /**
   * The first of {@code names} that means a checkpoint of the run: a commit, a label, a computed
   * reference, or what another release would call a step.
   */
  @Transactional
  public Optional<Named> find(UUID runId, List<String> names) {
    var first = names.getFirst();
    // Most requests name a commit, which no label looks like.
    if (isCommit(first)) {
      var found = byCommit(runId, first);
      if (found.isPresent()) {
        return found.map(row -> new Named(first, row.checkpoint()));
      }
    }
    var labelled = queries.byLabels(runId, names);
    for (var name : names) {
      var found =
          Optional.ofNullable(labelled.get(name))
              .or(() -> computed(runId, name))
              .map(row -> new Named(name, settled(runId, row)));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The weights that stand for the run: label main, or the end of its trajectory. */
  @Transactional
  public Optional<CommittedCheckpoint> primary(UUID runId) {
    return queries.primary(runId).map(row -> settled(runId, row));
  }

  /** Every label of a run, in the order of the trajectory. */
  @Transactional
  public List<Label> labels(UUID runId) {
    if (queries.hasStale(runId)) {
      commits.compute(runId, null);
    }
    return queries.labels(runId);
  }

  @Transactional
  public List<FileEntry> list(CommittedCheckpoint checkpoint, FileSlice slice) {
    var found = files.list(checkpoint.id(), slice);
    checkUnchanged(checkpoint);
    return found;
  }

  /** Those of {@code paths} that are files. */
  @Transactional
  public List<FileEntry> files(CommittedCheckpoint checkpoint, Collection<String> paths) {
    var found = files.files(checkpoint.id(), paths);
    checkUnchanged(checkpoint);
    return found;
  }

  /** Those of {@code paths} that are folders. */
  @Transactional
  public Set<String> folders(CommittedCheckpoint checkpoint, Collection<String> paths) {
    var found = files.folders(checkpoint.id(), paths);
    checkUnchanged(checkpoint);
    return found;
  }

  /**
   * How many bytes the files of a run and of all its checkpoints have, those that are alike counted
   * once.
   */
  @Transactional
  public long storage(UUID runId) {
    return queries.storage(runId);
  }

  /** How many elements of each type its weights have; empty where nobody has read them. */
  @Transactional
  public Map<String, Long> parameters(CommittedCheckpoint checkpoint) {
    var rows = reader.rows(List.of(checkpoint.id()));
    var digests =
        weights.of(rows).getOrDefault(checkpoint.id(), List.of()).stream()
            .map(WeightFiles.WeightFile::sha256)
            .toList();
    return digests.isEmpty() ? Map.<String, Long>of() : tensors.elements(digests);
  }

  private static boolean isCommit(String name) {
    return name.length() == 40 && name.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
  }

  /** A commit that was computed elsewhere may not have been computed here yet. */
  private Optional<Row> byCommit(UUID runId, String commit) {
    var found = queries.byCommit(runId, commit);
    if (found.isEmpty() && queries.hasStale(runId)) {
      commits.compute(runId, null);
      return queries.byCommit(runId, commit);
    }
    return found;
  }

  private Optional<Row> computed(UUID runId, String name) {
    if (CheckpointReader.isComputed(name)) {
      return reader.find(runId, name).flatMap(row -> queries.byId(row.id()));
    }
    return StepSpelling.parse(name)
        .flatMap(spelling -> spelling.choose(queries.atStep(runId, spelling.step())))
        .flatMap(one -> queries.byId(one.id()));
  }

  private CommittedCheckpoint settled(UUID runId, Row row) {
    var current = row;
    for (int i = 0; current.stale() && i < ATTEMPTS; i++) {
      commits.compute(runId, List.of(row.checkpoint().id()));
      current = queries.byId(row.checkpoint().id()).orElseThrow(CheckpointCommitService::changing);
    }
    if (current.stale()) {
      throw changing();
    }
    return current.checkpoint();
  }

  /** What was read of a draft is what the commit names, if it still does so afterwards. */
  private void checkUnchanged(CommittedCheckpoint checkpoint) {
    if (!checkpoint.sealed() && !commits.isCurrent(checkpoint.id(), checkpoint.commit())) {
      throw changing();
    }
  }

  private static RegistryException changing() {
    return new RegistryException(
        ProblemType.CONFLICT, "The checkpoint is a draft, and it changed while it was read");
  }
}
