package org.cairn.artifact;

import org.jspecify.annotations.Nullable;

/**
 * How the making of an artifact stands.
 *
 * @param failure why there is none, where that is so
 */
public record Rebuild(UploadState state, @Nullable String failure) {

  /** Whether the bytes can be read. */
  public boolean verified() {
    return state == UploadState.VERIFIED;
  }

  /** Whether somebody is still at it. */
  public boolean underWay() {
    return state == UploadState.VERIFYING;
  }
}
