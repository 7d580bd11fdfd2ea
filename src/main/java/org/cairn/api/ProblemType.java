package org.cairn.api;

import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.net.URI;

/**
 * Every kind of failure that a client can act on, with its HTTP status. The {@code type} of a
 * problem is stable: clients switch on it, people read {@code detail}. Documented in
 * docs/problems.md, which a test holds against this list.
 */
public enum ProblemType {
  /** The request is malformed or outside a limit; {@code violations} names fields and limits. */
  INVALID_REQUEST("invalid-request", Status.BAD_REQUEST),
  /** It needs a token, or the one that came is unknown, revoked or expired. */
  UNAUTHENTICATED("unauthenticated", Status.UNAUTHORIZED),
  /** The token is valid, and may not do this; {@code detail} names the role that is missing. */
  FORBIDDEN("forbidden", Status.FORBIDDEN),
  /** Nothing has this name, or it is not for the caller to see. */
  NOT_FOUND("not-found", Status.NOT_FOUND),
  /** It was here and was withdrawn; the body names what is left of it. */
  GONE("gone", Status.GONE),
  /** The name, step or label is taken. */
  CONFLICT("conflict", Status.CONFLICT),
  /** The checkpoint is sealed or being sealed: it never changes again. */
  SEALED("sealed", Status.CONFLICT),
  /** A checkpoint cannot be sealed: some of its files are missing or failed verification. */
  INCOMPLETE("incomplete", Status.CONFLICT),
  /** An Idempotency-Key was used before with another request. */
  IDEMPOTENCY_MISMATCH("idempotency-mismatch", Status.CONFLICT),
  /** The object changed since the client read it (If-Match). */
  PRECONDITION_FAILED("precondition-failed", Status.PRECONDITION_FAILED),
  /** A change needs an If-Match header with the entity tag last read. */
  PRECONDITION_REQUIRED("precondition-required", Status.PRECONDITION_REQUIRED),
  /** A body, a line or an artifact is larger than the limit. */
  TOO_LARGE("too-large", Status.REQUEST_ENTITY_TOO_LARGE),
  /** The media type of the body is not one that this operation reads. */
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", Status.UNSUPPORTED_MEDIA_TYPE),
  /** No byte of the artifact lies in the requested range. */
  RANGE_NOT_SATISFIABLE("range-not-satisfiable", Status.REQUESTED_RANGE_NOT_SATISFIABLE),
  /** The upload does not hold what was announced: parts missing, of the wrong size, or too many. */
  UPLOAD_MISMATCH("upload-mismatch", Status.CONFLICT),
  /** The upload is over: verified, failed or aborted. */
  UPLOAD_CLOSED("upload-closed", Status.CONFLICT),
  /** The stored bytes are not those that were verified: they are served again once restored. */
  DAMAGED("damaged", Status.CONFLICT),
  /** The database or the object store does not answer; try again after Retry-After. */
  UNAVAILABLE("unavailable", Status.SERVICE_UNAVAILABLE),
  /** The disk of the database or the object store is full: somebody has to make room. */
  INSUFFICIENT_STORAGE("insufficient-storage", 507, "Insufficient Storage"),
  /** Any other answer of the HTTP layer, such as 405 or 406. */
  HTTP("http", Status.BAD_REQUEST),
  /** A fault of the service; {@code detail} names the incident in its log. */
  INTERNAL("internal", Status.INTERNAL_SERVER_ERROR);

  private final String slug;
  private final int code;
  private final String phrase;

  ProblemType(String slug, Status status) {
    this(slug, status.getStatusCode(), status.getReasonPhrase());
  }

  /** With a status that the platform does not name. */
  ProblemType(String slug, int code, String phrase) {
    this.slug = slug;
    this.code = code;
    this.phrase = phrase;
  }

  private record Named(int code, String phrase) implements StatusType {
    @Override
    public int getStatusCode() {
      return code;
    }

    @Override
    public Status.Family getFamily() {
      return Status.Family.familyOf(code);
    }

    @Override
    public String getReasonPhrase() {
      return phrase;
    }
  }

  public String slug() {
    return slug;
  }

  public StatusType status() {
    return new Named(code, phrase);
  }

  public URI uri() {
    return URI.create("/problems/" + slug);
  }
}
