package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.CheckpointBranchService;
import org.cairn.checkpoint.TrainerState;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.cairn.run.RunFolderService;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a model repository to which clients commit: main is the files of the run, any
 * other one a checkpoint.
 */
@ApplicationScoped
class RunBranches {

  private final RunSource source;
  private final RunFolderService folder;
  private final CheckpointBranchService checkpoints;

  RunBranches(RunSource source, RunFolderService folder, CheckpointBranchService checkpoints) {
    this.source = source;
    this.folder = folder;
    this.checkpoints = checkpoints;
  }

  /**
   * A branch.
   *
   * @param revision that it is now; an empty one where a commit would begin it
   */
  record Branch(HubRepo repository, String name, Revision revision) {
    boolean isMain() {
      return name.equals(RepositorySource.MAIN);
    }
  }

  /** A branch that takes commits; refuses others in the clients' words. */
  Branch find(HubRepo repository, String name) {
    checkModel(repository);
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
   * Those of {@code paths} that the branch has itself. What main only shows of a checkpoint is not
   * there to stay: a client that left it out of a commit would miss it once main has weights.
   */
  List<FileEntry> own(Branch branch, List<String> paths) {
    return branch.isMain()
        ? folder.files(branch.repository().memberId(), paths)
        : branch.revision().files().files(paths);
  }

  /**
   * Answers the commit afterwards.
   *
   * @param trainer what a training program says of a checkpoint; the files of a run are of no step
   */
  String commit(
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

  /** Makes a branch: a name that tells a step begins a checkpoint without files. */
  void create(HubRepo repository, String name) {
    checkModel(repository);
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

  void delete(HubRepo repository, String name) {
    checkModel(repository);
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
  void tag(HubRepo repository, Revision revision, String tag) {
    checkModel(repository);
    if (tag.equals(RepositorySource.MAIN)) {
      throw new HubException(409, "Reference refs/heads/main already exists");
    }
    var label = source.label(repository, revision.name());
    checkpoints.tag(repository.memberId(), label, tag);
  }

  void untag(HubRepo repository, String tag) {
    checkModel(repository);
    try {
      checkpoints.untag(repository.memberId(), tag);
    } catch (RegistryException e) {
      throw e.type() == ProblemType.NOT_FOUND ? HubException.revisionNotFound(tag) : e;
    }
  }

  private static void checkModel(HubRepo repository) {
    if (repository.kind() != RepositoryKind.MODEL) {
      throw new HubException(
          403,
          "A version of a dataset is made at once and never changes: it is registered through /v1");
    }
  }
}
