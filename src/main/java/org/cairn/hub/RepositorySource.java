package org.cairn.hub;

import java.util.List;
import java.util.Optional;
import org.cairn.platform.Sha1;
import org.cairn.project.MemberCard;
import org.cairn.project.MemberFilter;

/** Where repositories of one kind come from. */
interface RepositorySource {

  /** What the newest state of a repository is called. */
  String MAIN = "main";

  RepositoryKind kind();

  List<MemberCard> list(MemberFilter filter);

  Optional<MemberCard> find(String project, String name);

  /** What {@link #MAIN} is now; a repository without content has an empty one. */
  Revision main(HubRepo repository, String askedAs);

  /** The first of {@code names} that is a revision. */
  Optional<Revision> revision(HubRepo repository, List<String> names);

  /** A name of a revision. */
  record Ref(String name, boolean branch, String commit) {}

  /** How many bytes all its files have, those that are alike counted once. */
  long usedStorage(HubRepo repository);

  /** All names of revisions, in the order in which their content came to be. */
  List<Ref> refs(HubRepo repository);

  /** The state of a repository before anything is in it. */
  static Revision empty(HubRepo repository, String askedAs) {
    return new Revision(
        repository,
        askedAs,
        Sha1.of("cairn.empty/1\n" + repository.memberId() + "\n"),
        "Nothing yet",
        repository.card().createdAt(),
        RevisionFiles.NONE);
  }
}
