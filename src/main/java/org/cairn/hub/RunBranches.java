package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.CheckpointBranchService;
import org.cairn.checkpoint.TrainerState;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.cairn.run.RunFolderService;
import org.cairn.run.RunFolderService.State;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a model repository to which clients commit: main is the files of the run, any
 * other one a checkpoint.
 */
@ApplicationScoped
class RunBranches implements RepositoryBranches {

  private final RunSource source;
  private final RunFolderService folder;
  private final CheckpointBranchService checkpoints;

  RunBranches(RunSource source, RunFolderService folder, CheckpointBranchService checkpoints) {
    this.source = source;
    this.folder = folder;
    this.checkpoints = checkpoints;
  }

  @Override
  public RepositoryKind kind() {
    return RepositoryKind.MODEL;
  }

  @Override
  public Branch find(HubRepo repository, String name) {
    if (name.equals(RepositorySource.MAIN)) {
      return new Branch(repository, name, source.main(repository, name));
    }
    var branch =
        checkpoints
            .branch(repository.memberId(), name)
            .orElseThrow(() -> HubException.revisionNotFound(name));
    if (branch.frozen()) {
      throw new HubException(
          403, "Checkpoint " + branch.label() + " is sealed: it takes no more commits");
    }
    return new Branch(
        repository,
        name,
        branch.exists()
            ? source
                .revision(repository, List.of(branch.label()))
                .orElseThrow(() -> HubException.revisionNotFound(name))
            : RepositorySource.empty(repository, name));
  }

  /**
   * What main only shows of a checkpoint is not there to stay: a client that left it out of a
   * commit would miss it once main has weights.
   */
  @Override
  public List<FileEntry> own(Branch branch, List<String> paths) {
    return branch.isMain()
        ? folder.files(branch.repository().memberId(), paths)
        : branch.revision().files().files(paths);
  }

  @Override
  public String commit(
      Branch branch, FileChanges changes, @Nullable String parent, @Nullable TrainerState trainer) {
    try {
      return branch.isMain()
          ? commitMain(branch, changes, parent)
          : Refusals.translated(() ->
              checkpoints.commit(
                  branch.repository().memberId(), branch.name(), changes, parent, trainer));
    } catch (RegistryException e) {
      throw e.type() == ProblemType.NOT_FOUND ? HubException.nothingToDelete(branch.revision()) : e;
    }
  }

  private String commitMain(Branch branch, FileChanges changes, @Nullable String parent) {
    var repository = branch.repository();
    var runId = repository.memberId();
    // In this order: what changes in between is seen by the second.
    var state = folder.state(runId).map(RunFolderService.State::digest).orElse("");
    if (parent != null && !source.main(repository, branch.name()).commit().startsWith(parent)) {
      throw HubException.staleParent();
    }
    var changed =
        Refusals.translated(() -> folder.change(runId, changes, parent == null ? null : state));
    return source.main(repository, branch.name(), changed).commit();
  }

  /** A name that tells a step begins a checkpoint without files. */
  @Override
  public void create(HubRepo repository, String name) {
    if (name.equals(RepositorySource.MAIN)) {
      throw new HubException(409, "Reference refs/heads/main already exists");
    }
    if (checkpoints.branch(repository.memberId(), name).isEmpty()) {
      throw new HubException(
          403,
          "A branch is a checkpoint and tells its step, such as step1000; other names are tags");
    }
    checkpoints.begin(repository.memberId(), name);
  }

  @Override
  public void delete(HubRepo repository, String name) {
    if (name.equals(RepositorySource.MAIN)) {
      throw new HubException(403, "main stays");
    }
    Refusals.translated(() -> {
      try {
        checkpoints.delete(repository.memberId(), name);
      } catch (RegistryException e) {
        throw e.type() == ProblemType.NOT_FOUND ? HubException.revisionNotFound(name) : e;
      }
      return "";
    });
  }

  /** Gives the checkpoint that a revision is another name. */
  @Override
  public void tag(HubRepo repository, Revision revision, String tag) {
    if (tag.equals(RepositorySource.MAIN)) {
      throw new HubException(409, "Reference refs/heads/main already exists");
    }
    if (Set.of(RepositorySource.MAIN, "HEAD").contains(revision.name())
        && folder.state(repository.memberId()).filter(State::weights).isPresent()) {
      throw new HubException(403, "The weights of main are of no checkpoint: a tag names a step");
    }
    var label = source.label(repository, revision.name());
    checkpoints.tag(repository.memberId(), label, tag);
  }

  @Override
  public void untag(HubRepo repository, String tag) {
    try {
      checkpoints.untag(repository.memberId(), tag);
    } catch (RegistryException e) {
      throw e.type() == ProblemType.NOT_FOUND ? HubException.revisionNotFound(tag) : e;
    }
  }
}
