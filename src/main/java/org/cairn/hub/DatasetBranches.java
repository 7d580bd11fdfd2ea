package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.TrainerState;
import org.cairn.dataset.DatasetCommitService;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.jspecify.annotations.Nullable;

/** The one branch of a dataset repository: each commit to main is the next version. */
@ApplicationScoped
class DatasetBranches implements RepositoryBranches {

  private final DatasetSource source;
  private final DatasetCommitService datasets;

  DatasetBranches(DatasetSource source, DatasetCommitService datasets) {
    this.source = source;
    this.datasets = datasets;
  }

  @Override
  public RepositoryKind kind() {
    return RepositoryKind.DATASET;
  }

  @Override
  public Branch find(HubRepo repository, String name) {
    var main = source.main(repository, name);
    if (!name.equals(RepositorySource.MAIN)) {
      throw new HubException(403, "A version of a dataset never changes: commits go to main");
    }
    return new Branch(repository, name, main);
  }

  @Override
  public List<FileEntry> own(Branch branch, List<String> paths) {
    return branch.revision().files().files(paths);
  }

  @Override
  public String commit(
      Branch branch, FileChanges changes, @Nullable String parent, @Nullable TrainerState trainer) {
    try {
      return Refusals.translated(() ->
          datasets
              .commit(branch.repository().memberId(), changes, branch.revision().commit(), parent)
              .map(version -> version.commit())
              .orElseGet(() -> branch.revision().commit()));
    } catch (RegistryException e) {
      throw e.type() == ProblemType.NOT_FOUND ? HubException.nothingToDelete(branch.revision()) : e;
    }
  }

  @Override
  public void create(HubRepo repository, String name) {
    throw name.equals(RepositorySource.MAIN)
        ? new HubException(409, "Reference refs/heads/main already exists")
        : fixed();
  }

  @Override
  public void delete(HubRepo repository, String name) {
    throw fixed();
  }

  @Override
  public void tag(HubRepo repository, Revision revision, String tag) {
    throw fixed();
  }

  @Override
  public void untag(HubRepo repository, String tag) {
    throw fixed();
  }

  private static HubException fixed() {
    return new HubException(
        403, "The versions of a dataset are its tags, main is the newest, and there are no others");
  }
}
