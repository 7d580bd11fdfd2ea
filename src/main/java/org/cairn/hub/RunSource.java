package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.checkpoint.CheckpointCommitService;
import org.cairn.checkpoint.CommittedCheckpoint;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.cairn.project.MemberCard;
import org.cairn.project.MemberFilter;
import org.cairn.run.RunCatalogueService;
import org.cairn.run.RunFolderService;
import org.cairn.tensor.TensorService;

/**
 * Runs as model repositories: each checkpoint is a branch called by its primary label, its other
 * labels are tags.
 */
@ApplicationScoped
class RunSource implements RepositorySource {

  private final RunCatalogueService runs;
  private final CheckpointCommitService checkpoints;
  private final RunFolderService folder;
  private final TensorService tensors;

  RunSource(
      RunCatalogueService runs,
      CheckpointCommitService checkpoints,
      RunFolderService folder,
      TensorService tensors) {
    this.runs = runs;
    this.checkpoints = checkpoints;
    this.folder = folder;
    this.tensors = tensors;
  }

  @Override
  public RepositoryKind kind() {
    return RepositoryKind.MODEL;
  }

  @Override
  public List<MemberCard> list(MemberFilter filter) {
    return runs.list(filter);
  }

  @Override
  public Optional<MemberCard> find(String project, String name) {
    return runs.find(project, name);
  }

  @Override
  public Revision main(HubRepo repository, String askedAs) {
    return main(repository, askedAs, folder.state(repository.memberId()));
  }

  /** What main is where the run's own files are these. */
  Revision main(HubRepo repository, String askedAs, Optional<RunFolderService.State> own) {
    var checkpoint =
        checkpoints
            .primary(repository.memberId())
            .map(primary -> revision(repository, askedAs, primary))
            .orElseGet(() -> RepositorySource.empty(repository, askedAs));
    return own.map(state -> MainRevision.of(checkpoint, state, folder, tensors)).orElse(checkpoint);
  }

  @Override
  public Optional<Revision> revision(HubRepo repository, List<String> names) {
    return checkpoints
        .find(repository.memberId(), names)
        .map(found -> revision(repository, found.name(), found.checkpoint()))
        // The commit of main is nobody's column: it follows from what main is now.
        .or(() ->
            names.stream()
                .filter(name -> name.length() == 40)
                .map(name -> main(repository, name))
                .filter(Revision::pinned)
                .findFirst());
  }

  /** The primary label of the checkpoint that a revision is. */
  String label(HubRepo repository, String name) {
    var checkpoint =
        name.equals(MAIN) || name.equals("HEAD")
            ? checkpoints.primary(repository.memberId())
            : checkpoints
                .find(repository.memberId(), List.of(name))
                .map(CheckpointCommitService.Named::checkpoint);
    return checkpoint
        .map(CommittedCheckpoint::label)
        .orElseThrow(() -> HubException.revisionNotFound(name));
  }

  @Override
  public long usedStorage(HubRepo repository) {
    return checkpoints.storage(repository.memberId());
  }

  @Override
  public List<Ref> refs(HubRepo repository) {
    var labels = checkpoints.labels(repository.memberId());
    var refs = new ArrayList<Ref>(labels.size() + 1);
    refs.add(new Ref(MAIN, true, main(repository, MAIN).commit()));
    for (var label : labels) {
      if (!label.name().equals(MAIN)) {
        refs.add(new Ref(label.name(), label.primary(), label.commit()));
      }
    }
    return refs;
  }

  private Revision revision(HubRepo repository, String name, CommittedCheckpoint checkpoint) {
    return new Revision(
        repository,
        name,
        checkpoint.commit(),
        title(checkpoint),
        checkpoint.since(),
        files(checkpoint));
  }

  private static String title(CommittedCheckpoint checkpoint) {
    return Stream.of(checkpoint.stage(), checkpoint.branch(), "Step " + checkpoint.step())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private RevisionFiles files(CommittedCheckpoint checkpoint) {
    return new RevisionFiles() {
      @Override
      public List<FileEntry> list(FileSlice slice) {
        return checkpoints.list(checkpoint, slice);
      }

      @Override
      public List<FileEntry> files(Collection<String> paths) {
        return checkpoints.files(checkpoint, paths);
      }

      @Override
      public Set<String> folders(Collection<String> paths) {
        return checkpoints.folders(checkpoint, paths);
      }

      @Override
      public Map<String, Long> parameters() {
        return checkpoints.parameters(checkpoint);
      }
    };
  }
}
