package org.cairn.hub;

import java.util.List;

/** A commit of a repository. */
record CommitView(String id, String title, String message, List<Author> authors, String date) {

  /** Who made it. */
  record Author(String user, String avatar) {}

  static CommitView of(Revision revision) {
    return new CommitView(
        revision.commit(),
        revision.title(),
        "",
        List.of(new Author(revision.repository().card().project(), "")),
        HubTime.of(revision.date()));
  }
}
