package org.cairn.hub;

import java.util.List;
import org.cairn.checkpoint.TrainerState;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.jspecify.annotations.Nullable;

/** What in repositories of one kind takes commits; each refuses the rest in the clients' words. */
interface RepositoryBranches {

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

  RepositoryKind kind();

  /** A branch that takes commits. */
  Branch find(HubRepo repository, String name);

  /** Those of {@code paths} that the branch has itself. */
  List<FileEntry> own(Branch branch, List<String> paths);

  /**
   * Makes changes, wholly or not at all.
   *
   * @param parent beginning of the commit that the changes are meant for; null for any
   * @param trainer what a training program says of a checkpoint; other files are of no step
   * @return the commit afterwards
   */
  String commit(
      Branch branch, FileChanges changes, @Nullable String parent, @Nullable TrainerState trainer);

  /** Makes a branch. */
  void create(HubRepo repository, String name);

  void delete(HubRepo repository, String name);

  /** Gives a revision another name. */
  void tag(HubRepo repository, Revision revision, String tag);

  void untag(HubRepo repository, String tag);
}
