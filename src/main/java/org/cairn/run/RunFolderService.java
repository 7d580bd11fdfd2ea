package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileRoles;
import org.cairn.platform.FileSlice;
import org.cairn.platform.FileTable;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/**
 * The files of a run that were committed to its main branch, as a folder that is changed as a
 * whole. Other files of the run, such as logs that were published, are no part of it.
 */
@ApplicationScoped
public class RunFolderService {

  /** Most files of a run that is changed this way. */
  private static final int FILES_MAX = 20_000;

  private final RunService runs;
  private final RunFileRepository repository;
  private final ArtifactService artifacts;
  private final FileTable files;
  private final Sql sql;
  private final Clock clock;

  RunFolderService(
      RunService runs,
      RunFileRepository repository,
      ArtifactService artifacts,
      Sql sql,
      Clock clock) {
    this.runs = runs;
    this.artifacts = artifacts;
    this.repository = repository;
    this.files = new FileTable(sql, "run_file", "run_id", "f.in_main");
    this.sql = sql;
    this.clock = clock;
  }

  /**
   * What is in the folder.
   *
   * @param digest of paths, sizes and bytes of all files
   * @param weights whether tensors of a model are among them
   */
  public record State(String digest, boolean weights, java.time.Instant since) {}

  /** Empty where the run has no files. */
  @Transactional
  public Optional<State> state(UUID runId) {
    return sql
        .query(
            """
            select encode(sha256(convert_to(string_agg(
                sha256 || ' ' || size || ' ' || path || E'\\n', '' order by path collate "C"), 'UTF8')), 'hex'),
              bool_or(role = 'weights'), max(added_at) as since
            from run_file where run_id = ? and in_main having count(*) > 0
            """,
            List.of(runId),
            r ->
                new State(
                    r.getString(1),
                    r.getBoolean(2),
                    Objects.requireNonNull(Sql.instant(r, "since"))))
        .stream()
        .findFirst();
  }

  @Transactional
  public List<FileEntry> list(UUID runId, FileSlice slice) {
    return files.list(runId, slice);
  }

  /** Those of {@code paths} that are files. */
  @Transactional
  public List<FileEntry> files(UUID runId, Collection<String> paths) {
    return files.files(runId, paths);
  }

  /** Those of {@code paths} that are folders. */
  @Transactional
  public Set<String> folders(UUID runId, Collection<String> paths) {
    return files.folders(runId, paths);
  }

  /** The files of the run that hold tensors of a model. */
  @Transactional
  public List<Sha256> weights(UUID runId) {
    return sql.query(
        "select sha256 from run_file where run_id = ? and in_main and role = 'weights' order by path",
        List.of(runId),
        r -> new Sha256(r.getString(1)));
  }

  /**
   * Changes the files, wholly or not at all; others who do so wait.
   *
   * @param expected digest of the state that the changes are meant for, empty for no files; null
   *     for any
   * @return the state afterwards
   */
  @Transactional
  public Optional<State> change(UUID runId, FileChanges changes, @Nullable String expected) {
    runs.hold(runId);
    if (expected != null && !expected.equals(state(runId).map(State::digest).orElse(""))) {
      throw new RegistryException(ProblemType.PRECONDITION_FAILED, "The files of the run changed");
    }
    var outcome = changes.on(files.list(runId, new FileSlice("", "", true, Integer.MAX_VALUE)));
    if (!outcome.missing().isEmpty()) {
      throw RegistryException.notFound("file", outcome.missing().getFirst());
    }
    var fault = Names.faultOfPaths(outcome.after().stream().map(FileEntry::path).toList());
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("files", fault);
    }
    if (outcome.after().size() > FILES_MAX) {
      throw RegistryException.invalid("files", "a run has at most " + FILES_MAX + " files");
    }
    if (!outcome.removed().isEmpty()) {
      repository.delete(runId, outcome.removed());
    }
    if (!outcome.put().isEmpty()) {
      checkHere(outcome.put());
      repository.upsert(
          runId,
          outcome.put().stream().map(RunFolderService::view).toList(),
          true,
          clock.instant());
    }
    return state(runId);
  }

  /** They were when the changes came in; from here on they stay. */
  private void checkHere(List<FileEntry> put) {
    var statuses = artifacts.claim(put.stream().map(FileEntry::sha256).toList());
    for (var file : put) {
      var status = statuses.get(file.sha256());
      if (status == null
          || (status.state() != ArtifactState.VERIFIED
              && status.state() != ArtifactState.VERIFYING)) {
        throw RegistryException.conflict("The bytes of " + file.path() + " are not here");
      }
    }
  }

  private static RunFileView view(FileEntry file) {
    return new RunFileView(
        file.path(),
        file.sha256(),
        file.size(),
        FileRoles.role(file.path()),
        FileRoles.mediaType(file.path()));
  }
}
