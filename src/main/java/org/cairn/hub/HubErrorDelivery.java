package org.cairn.hub;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import org.cairn.access.Access;
import org.cairn.access.Refusal;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Negative answers as clients of the Hub read them: headers, and a body with one field. */
final class HubErrorDelivery {

  private final Access access;

  HubErrorDelivery(Access access) {
    this.access = access;
  }

  /** The body of every negative answer. */
  record HubError(String error) {}

  /** Clients tell their users to look at their token where they read this. */
  static final String INVALID_TOKEN = "Invalid credentials in Authorization header";

  /** Of addresses that are not the Hub's. */
  private static final String NATIVE = "/v1";

  /** The number by which clients know what is wrong with one of several things. */
  static int status(ProblemType type) {
    return type.status().getStatusCode();
  }

  @ServerExceptionMapper
  RestResponse<HubError> map(HubException e, ContainerRequestContext request) {
    // Somebody without a token could be told to bring one: clients take either for the same.
    boolean anonymous =
        e.code() == HubException.Code.REPO_NOT_FOUND
            && request.getHeaderString(HttpHeaders.AUTHORIZATION) == null;
    var message = anonymous ? "Invalid username or password." : e.getMessage();
    var answer =
        ResponseBuilder.create(
                RestResponse.Status.fromStatusCode(anonymous ? 401 : e.status()),
                new HubError(String.valueOf(message)))
            .type(MediaType.APPLICATION_JSON_TYPE)
            .header("X-Error-Message", line(message));
    if (e.code() != null) {
      answer.header("X-Error-Code", e.code().header());
    }
    if (e.commit() != null) {
      answer.header("X-Repo-Commit", e.commit());
    }
    return answer.build();
  }

  /** What any other part of the service refuses, at an address of the Hub. */
  @ServerResponseFilter
  void translate(ContainerRequestContext request, ContainerResponseContext response) {
    var path = request.getUriInfo().getPath();
    if (response.getEntity() instanceof Problem problem
        && !path.equals(NATIVE)
        && !path.startsWith(NATIVE + "/")) {
      if (access.refusal() == Refusal.HIDDEN) {
        // In the words for what is not there.
        var answer = map(HubException.repositoryNotFound(), request);
        response.setStatus(answer.getStatus());
        response.setEntity(answer.getEntity(), new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
        response.getHeaders().putAll(answer.getHeaders());
        return;
      }
      var detail = problem.detail() == null ? problem.title() : problem.detail();
      var message = access.refusal() == Refusal.BAD_TOKEN ? INVALID_TOKEN : detail;
      response.setEntity(new HubError(message), new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
      response.getHeaders().putSingle("X-Error-Message", line(message));
    }
  }

  /** A header has no line ends, and few characters that everybody reads alike. */
  private static String line(@Nullable String message) {
    var text = String.valueOf(message);
    var line = new StringBuilder();
    text.codePoints().limit(300).forEach(c -> line.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return line.toString();
  }
}
