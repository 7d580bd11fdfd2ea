package org.cairn.access;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the request under way. Whoever has not been asked is nobody; and where no request is
 * under way, asking fails.
 */
@RequestScoped
class CurrentRequest {

  private Caller caller = Caller.ANONYMOUS;
  private boolean badToken;
  private String what = "?";
  private @Nullable Refusal refusal;

  void begin(Caller newCaller, boolean isBadToken, String newWhat) {
    this.caller = newCaller;
    this.badToken = isBadToken;
    this.what = newWhat;
  }

  Caller caller() {
    return caller;
  }

  /** Whether a token came that is none. */
  boolean badToken() {
    return badToken;
  }

  /** Method and address, for the audit. */
  String what() {
    return what;
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  void refused(Refusal reason) {
    refusal = reason;
  }
}
