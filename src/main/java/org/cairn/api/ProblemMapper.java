package org.cairn.api;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.logging.Log;
import io.vertx.ext.web.RoutingContext;
import jakarta.persistence.OptimisticLockException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns every failure into a {@link Problem}; the only place that knows both. */
final class ProblemMapper {

  @ServerExceptionMapper
  RestResponse<Problem> map(RegistryException e) {
    return reply(e.type(), e.type().status(), e.getMessage(), e.violations());
  }

  @ServerExceptionMapper
  RestResponse<Problem> map(ConstraintViolationException e) {
    var violations =
        e.getConstraintViolations().stream()
            .map(v -> new Problem.Violation(clientPath(v), v.getMessage()))
            .sorted(java.util.Comparator.comparing(Problem.Violation::field))
            .toList();
    return invalid(
        violations.stream().map(v -> v.field() + ": " + v.message()).collect(joining("; ")),
        violations);
  }

  @ServerExceptionMapper
  RestResponse<Problem> map(OptimisticLockException e) {
    return map(
        new RegistryException(
            ProblemType.PRECONDITION_FAILED, "It was changed by somebody else meanwhile"));
  }

  /** JSON that does not parse or does not fit: the field and the reason, never a Java name. */
  @ServerExceptionMapper
  RestResponse<Problem> map(JsonProcessingException e) {
    var field = Jsons.field(e);
    var message = Jsons.reason(e);
    if (Jsons.tooLarge(e)) {
      return reply(ProblemType.TOO_LARGE, ProblemType.TOO_LARGE.status(), message, List.of());
    }
    var violations = List.of(new Problem.Violation(field, message));
    return invalid(field + ": " + message, violations);
  }

  /** Quarkus maps this kind itself, in words of its own, unless somebody else does. */
  @ServerExceptionMapper
  RestResponse<Problem> map(MismatchedInputException e) {
    return map((JsonProcessingException) e);
  }

  @ServerExceptionMapper
  RestResponse<Problem> map(WebApplicationException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonProcessingException json) {
        return map(json);
      }
      if (cause instanceof RegistryException registry) {
        return map(registry);
      }
    }
    var status = e.getResponse().getStatusInfo();
    return switch (status.getStatusCode()) {
      case 404 -> reply(ProblemType.NOT_FOUND, status, "Nothing is at this address", List.of());
      case 413 ->
          reply(
              ProblemType.TOO_LARGE,
              status,
              "The body is larger than this operation reads",
              List.of());
      case 415 ->
          reply(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              status,
              "This operation does not read that media type",
              List.of());
      case 400 -> invalid("The request cannot be read", List.of());
      default -> reply(ProblemType.HTTP, status, null, List.of());
    };
  }

  /** An answer for form's sake. */
  @ServerExceptionMapper
  RestResponse<Problem> map(ClientGoneException e, RoutingContext http) {
    Log.debug("A client went away", e);
    closeIfBegun(http);
    return invalid("The body of the request broke off", List.of());
  }

  @ServerExceptionMapper
  RestResponse<Problem> map(Throwable e, RoutingContext http) {
    closeIfBegun(http);
    var problem = Faults.problem(e);
    if (problem.type() == ProblemType.INSUFFICIENT_STORAGE) {
      Log.error("There is no room left", e);
    }
    if (problem.type() == ProblemType.UNAVAILABLE) {
      // Where from does not matter, and would be told of every request.
      Log.warnf("Something this service depends on is away: %s", e);
      Log.debug("Where it was needed", e);
    }
    return map(problem);
  }

  /** What is said in its place would be taken for the rest of the answer that broke off. */
  private static void closeIfBegun(RoutingContext http) {
    if (http.response().headWritten()) {
      http.request().connection().close();
    }
  }

  /** The path without the Java method's name and parameter, which mean nothing to a client. */
  private static String clientPath(ConstraintViolation<?> violation) {
    var nodes =
        StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
            .filter(node -> node.getKind() != ElementKind.METHOD)
            .toList();
    var shown =
        nodes.size() > 1
                && nodes.getFirst().getKind() == ElementKind.PARAMETER
                // Of a body, or of an object that gathers query parameters.
                && nodes.get(1).getKind() == ElementKind.PROPERTY
            ? nodes.subList(1, nodes.size())
            : nodes;
    return Jsons.field(shown.stream().map(Path.Node::toString).collect(joining(".")));
  }

  private static RestResponse<Problem> invalid(String detail, List<Problem.Violation> violations) {
    return reply(
        ProblemType.INVALID_REQUEST, ProblemType.INVALID_REQUEST.status(), detail, violations);
  }

  private static RestResponse<Problem> reply(
      ProblemType type,
      StatusType status,
      @Nullable String detail,
      List<Problem.Violation> violations) {
    var builder =
        RestResponse.ResponseBuilder.create(
                status,
                new Problem(
                    type.uri(),
                    status.getReasonPhrase(),
                    status.getStatusCode(),
                    detail,
                    violations))
            .type(Problem.MEDIA_TYPE);
    if (type == ProblemType.UNAVAILABLE) {
      builder.header("Retry-After", "2");
    }
    if (type == ProblemType.UNAUTHENTICATED) {
      builder.header("WWW-Authenticate", "Bearer");
    }
    return builder.build();
  }
}
