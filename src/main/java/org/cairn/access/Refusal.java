package org.cairn.access;

/** Why a request was refused, for those who answer it in other words than {@code /v1}. */
public enum Refusal {
  /** It needs a token, and none or none that is valid came with it. */
  NO_TOKEN,
  /** The token that came with it is unknown, revoked or expired. */
  BAD_TOKEN,
  /** The token is valid and may not do this. */
  FORBIDDEN,
  /** What it is about is not to be seen: as if it were not there. */
  HIDDEN
}
