package org.cairn.hub;

import org.jspecify.annotations.Nullable;

/** A negative answer that clients of the Hub can act on. */
final class HubException extends RuntimeException {

  /** What clients tell apart, in the header {@code X-Error-Code}. */
  enum Code {
    REPO_NOT_FOUND("RepoNotFound"),
    REVISION_NOT_FOUND("RevisionNotFound"),
    ENTRY_NOT_FOUND("EntryNotFound");

    private final String header;

    Code(String header) {
      this.header = header;
    }

    String header() {
      return header;
    }
  }

  private final int status;
  private final @Nullable Code code;
  private final @Nullable String commit;

  private HubException(int status, @Nullable Code code, String message, @Nullable String commit) {
    super(message);
    this.status = status;
    this.code = code;
    this.commit = commit;
  }

  HubException(int status, String message) {
    this(status, null, message, null);
  }

  static HubException repositoryNotFound() {
    return new HubException(404, Code.REPO_NOT_FOUND, "Repository not found", null);
  }

  static HubException revisionNotFound(String name) {
    return new HubException(404, Code.REVISION_NOT_FOUND, "Invalid rev id: " + name, null);
  }

  /** With the commit, clients remember that it has no such file and never ask again. */
  static HubException entryNotFound(String path, Revision revision) {
    return new HubException(
        404,
        Code.ENTRY_NOT_FOUND,
        path + " does not exist on \"" + revision.name() + "\"",
        revision.commit());
  }

  /** A deletion of what is not there. */
  static HubException nothingToDelete(Revision revision) {
    return new HubException(
        404, Code.ENTRY_NOT_FOUND, "A file with this name doesn't exist", revision.commit());
  }

  static HubException staleParent() {
    return new HubException(412, "A commit has happened since. Please refresh and try again.");
  }

  int status() {
    return status;
  }

  @Nullable Code code() {
    return code;
  }

  /** The commit that was looked at, where one was. */
  @Nullable String commit() {
    return commit;
  }
}
