package org.cairn.artifact;

import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.RangeRequest.Part;
import org.cairn.artifact.RangeRequest.Unsatisfiable;
import org.cairn.storage.ByteRange;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP answers that carry bytes: conditional requests and ranges (RFC 9110), digests (RFC
 * 9530).
 *
 * <p>Operations that answer with it are {@link io.quarkus.vertx.http.Uncompressed}: length, ranges
 * and digest are of the bytes as they are.
 */
public final class ContentDelivery {

  private ContentDelivery() {}

  /** Answers a GET. */
  public static RestResponse<?> get(Content content, HttpHeaders headers) {
    if (isNotModified(content, headers)) {
      return notModified(content);
    }
    var range = range(content, headers);
    return range instanceof Unsatisfiable ? unsatisfiable(content) : stream(content, range);
  }

  /** Answers a HEAD: as {@link #get}, without the bytes; a range means nothing to it. */
  public static RestResponse<?> head(Content content, HttpHeaders headers) {
    return isNotModified(content, headers)
        ? notModified(content)
        : presented(content, RangeRequest.WHOLE).build();
  }

  static RangeRequest range(Content content, HttpHeaders headers) {
    return RangeRequest.of(
        header(headers, "Range"), header(headers, "If-Range"), quoted(content), content.size());
  }

  /** All lines of a header as one. */
  static @Nullable String header(HttpHeaders headers, String name) {
    var lines = headers.getRequestHeader(name);
    return lines == null || lines.isEmpty() ? null : String.join(",", lines);
  }

  private static String quoted(Content content) {
    return "\"" + content.tag() + "\"";
  }

  static boolean isNotModified(Content content, HttpHeaders headers) {
    var etag = quoted(content);
    if (!EntityTagList.matches(header(headers, HttpHeaders.IF_MATCH), etag)) {
      throw new RegistryException(
          ProblemType.PRECONDITION_FAILED, "The entity tag of these bytes is " + etag);
    }
    return EntityTagList.matchesWeakly(header(headers, HttpHeaders.IF_NONE_MATCH), etag);
  }

  static RestResponse<?> notModified(Content content) {
    return described(RestResponse.Status.NOT_MODIFIED, content).build();
  }

  private static ResponseBuilder<Object> described(RestResponse.Status status, Content content) {
    return ResponseBuilder.create(status)
        .header(HttpHeaders.ETAG, quoted(content))
        .header(
            HttpHeaders.CACHE_CONTROL,
            content.immutable() ? "max-age=31536000, immutable" : "no-cache");
  }

  private static ResponseBuilder<Object> presented(Content content, RangeRequest range) {
    var size = content.size();
    var part = range instanceof Part(var bytes) ? bytes : null;
    var status = part == null ? RestResponse.Status.OK : RestResponse.Status.PARTIAL_CONTENT;
    var response =
        described(status, content)
            .header(HttpHeaders.CONTENT_TYPE, content.mediaType())
            .header(HttpHeaders.CONTENT_LENGTH, part == null ? size : part.length())
            .header(
                HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment(content.fileName()))
            .header("Accept-Ranges", "bytes")
            .header("X-Content-Type-Options", "nosniff")
            .header("Content-Security-Policy", "default-src 'none'; sandbox");
    if (content.digest() != null) {
      response.header(
          "Repr-Digest",
          "sha-256=:" + Base64.getEncoder().encodeToString(content.digest().bytes()) + ":");
    }
    if (part != null) {
      response.header("Content-Range", "bytes " + part.offset() + "-" + part.last() + "/" + size);
    }
    return response;
  }

  static RestResponse<?> unsatisfiable(Content content) {
    var failure =
        new RegistryException(
            ProblemType.RANGE_NOT_SATISFIABLE,
            "No byte is in this range: there are " + content.size());
    return ResponseBuilder.create(failure.type().status(), Problem.of(failure))
        .type(Problem.MEDIA_TYPE)
        .header("Content-Range", "bytes */" + content.size())
        .build();
  }

  /** Opened here, so that a store that fails makes a problem and not a broken answer. */
  private static RestResponse<?> stream(Content content, RangeRequest range) {
    var part = range instanceof Part(var bytes) ? bytes : null;
    var response = presented(content, range);
    if (content.size() == 0) {
      return response.entity(new byte[0]).build();
    }
    var sent = part == null ? new ByteRange(0, content.size()) : part;
    try {
      var digest = part == null ? content.digest() : null;
      return response
          .entity(new ContentBody(content.source().open(sent), sent.length(), digest))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
