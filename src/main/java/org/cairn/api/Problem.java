package org.cairn.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of every error reply: RFC 9457 problem details. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(name = "Problem")
public record Problem(
    @Schema(description = "Stable kind of the problem, see docs/problems.md") URI type,
    String title,
    int status,
    @Nullable String detail,
    @Schema(description = "Fields outside their limits, one entry each")
        List<Violation> violations) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** A field of the request, as the client spells it, and the limit that it breaks. */
  public record Violation(String field, String message) {}

  public static Problem of(RegistryException e) {
    return new Problem(
        e.type().uri(),
        e.type().status().getReasonPhrase(),
        e.type().status().getStatusCode(),
        e.getMessage(),
        e.violations());
  }
}
