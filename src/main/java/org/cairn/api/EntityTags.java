package org.cairn.api;

import org.jspecify.annotations.Nullable;

/**
 * Entity tags of mutable things: their version, so that a change can say which state it was made
 * from.
 */
public final class EntityTags {

  private EntityTags() {}

  /** The ETag header of version {@code version}. */
  public static String of(long version) {
    return "\"v" + version + "\"";
  }

  /** As {@link #require}, for changes that may also be made without saying from which state. */
  public static void honour(@Nullable String ifMatch, long version) {
    if (ifMatch != null) {
      require(ifMatch, version);
    }
  }

  /** Refuses a change that was not made from version {@code version}; {@code *} accepts any. */
  public static void require(@Nullable String ifMatch, long version) {
    if (ifMatch == null) {
      throw new RegistryException(
          ProblemType.PRECONDITION_REQUIRED,
          "Send If-Match with the ETag that you last read, or If-Match: * to overwrite");
    }
    if (!ifMatch.equals("*") && !ifMatch.equals(of(version))) {
      throw new RegistryException(
          ProblemType.PRECONDITION_FAILED,
          "It was changed meanwhile: its ETag is " + of(version) + ", not " + ifMatch);
    }
  }
}
