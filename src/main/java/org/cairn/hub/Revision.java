package org.cairn.hub;

import java.time.Instant;

/**
 * A state of a repository.
 *
 * @param name as the client asked for it
 * @param commit 40 hexadecimal digits that name the same files for ever
 * @param title of the commit
 */
record Revision(
    HubRepo repository,
    String name,
    String commit,
    String title,
    Instant date,
    RevisionFiles files) {

  /** Whether the address that was asked for can only ever have these files. */
  boolean pinned() {
    return name.equals(commit);
  }
}
