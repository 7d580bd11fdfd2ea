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

/**
 * Runs as model repositories: each checkpoint is a branch called by its primary label, its other
 * labels are tags.
 */
@ApplicationScoped
class RunSource implements RepositorySource {

  private final RunCatalogueService runs;
  private final CheckpointCommitService checkpoints;

  RunSource(RunCatalogueService runs, CheckpointCommitService checkpoints) {
    this.runs = runs;
    this.checkpoints = checkpoints;
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
    return checkpoints
        .primary(repository.memberId())
        .map(checkpoint -> revision(repository, askedAs, checkpoint))
        .orElseGet(() -> RepositorySource.empty(repository, askedAs));
  }

  @Override
  public Optional<Revision> revision(HubRepo repository, List<String> names) {
    return checkpoints
        .find(repository.memberId(), names)
        .map(found -> revision(repository, found.name(), found.checkpoint()));
  }

  @Override
  public long usedStorage(HubRepo repository) {
    return checkpoints.storage(repository.memberId());
  }

  @Override
  public List<Ref> refs(HubRepo repository) {
    var labels = checkpoints.labels(repository.memberId());
    var refs = new ArrayList<Ref>(labels.size() + 1);
    if (labels.stream().noneMatch(label -> label.name().equals(MAIN))) {
      refs.add(new Ref(MAIN, true, main(repository, MAIN).commit()));
    }
    for (var label : labels) {
      refs.add(new Ref(label.name(), label.primary() || label.name().equals(MAIN), label.commit()));
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
