package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import org.cairn.api.ClientGoneException;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.RangeRequest.Part;
import org.cairn.artifact.RangeRequest.Unsatisfiable;
import org.cairn.artifact.RangeRequest.Whole;
import org.cairn.artifact.TransferConfig.Mode;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.Presentation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP answers that carry bytes: conditional requests, ranges and the redirection to the store
 * (RFC 9110, RFC 9530). The strong entity tag is the digest.
 *
 * <p>Operations that answer with it are {@link io.quarkus.vertx.http.Uncompressed}: length, ranges
 * and digest are of the bytes as they are.
 */
@ApplicationScoped
public class ArtifactDelivery {

  private static final int BUFFER = 128 << 10;

  private final ArtifactService artifacts;
  private final ObjectStore store;
  private final TransferConfig config;

  ArtifactDelivery(ArtifactService artifacts, ObjectStore store, TransferConfig config) {
    this.artifacts = artifacts;
    this.store = store;
    this.config = config;
  }

  /**
   * Answers a GET: with a redirection to the store, or with the bytes where transfers are proxied.
   *
   * @param fileName name or path under which a browser should save them
   * @param immutable whether the address that was asked for always has these bytes
   */
  public RestResponse<?> get(
      Sha256 sha256, String mediaType, String fileName, boolean immutable, HttpHeaders headers) {
    var artifact = stored(sha256);
    var etag = etag(sha256);
    if (isNotModified(etag, headers)) {
      return described(RestResponse.Status.NOT_MODIFIED, sha256, immutable).build();
    }
    var ifRange = header(headers, "If-Range");
    var rangeHeader = header(headers, "Range");
    var range = RangeRequest.of(rangeHeader, ifRange, etag, artifact.size());
    if (range instanceof Unsatisfiable) {
      return unsatisfiable(artifact);
    }
    // The store knows the bytes by an entity tag of its own. A client repeats these conditions
    // there, and would be told that the bytes have changed, or, by a store that does not know
    // If-Range, be given the end of other bytes than it has the beginning of.
    var onlyHere =
        header(headers, HttpHeaders.IF_MATCH) != null || (ifRange != null && rangeHeader != null);
    if (config.mode() == Mode.PRESIGNED && !onlyHere) {
      return redirection(artifact, mediaType, fileName);
    }
    return stream(artifact, range, presented(artifact, mediaType, fileName, immutable, range));
  }

  /** Answers a HEAD: as {@link #get} where transfers are proxied, without the bytes. */
  public RestResponse<?> head(
      Sha256 sha256, String mediaType, String fileName, boolean immutable, HttpHeaders headers) {
    var artifact = stored(sha256);
    if (isNotModified(etag(sha256), headers)) {
      return described(RestResponse.Status.NOT_MODIFIED, sha256, immutable).build();
    }
    // A range means nothing to HEAD.
    return presented(artifact, mediaType, fileName, immutable, RangeRequest.WHOLE).build();
  }

  private StoredArtifact stored(Sha256 sha256) {
    return artifacts
        .stored(sha256)
        .orElseThrow(() -> RegistryException.notFound("artifact", "sha256:" + sha256));
  }

  private static String etag(Sha256 sha256) {
    return "\"" + sha256 + "\"";
  }

  /** All lines of a header as one. */
  private static @Nullable String header(HttpHeaders headers, String name) {
    var lines = headers.getRequestHeader(name);
    return lines == null || lines.isEmpty() ? null : String.join(",", lines);
  }

  private static boolean isNotModified(String etag, HttpHeaders headers) {
    if (!EntityTagList.matches(header(headers, HttpHeaders.IF_MATCH), etag)) {
      throw new RegistryException(
          ProblemType.PRECONDITION_FAILED, "The entity tag of these bytes is " + etag);
    }
    return EntityTagList.matchesWeakly(header(headers, HttpHeaders.IF_NONE_MATCH), etag);
  }

  private static ResponseBuilder<Object> described(
      RestResponse.Status status, Sha256 sha256, boolean immutable) {
    return ResponseBuilder.create(status)
        .header(HttpHeaders.ETAG, etag(sha256))
        .header(HttpHeaders.CACHE_CONTROL, immutable ? "max-age=31536000, immutable" : "no-cache");
  }

  private static ResponseBuilder<Object> presented(
      StoredArtifact artifact,
      String mediaType,
      String fileName,
      boolean immutable,
      RangeRequest range) {
    var size = artifact.size();
    var part = range instanceof Part(var bytes) ? bytes : null;
    var status = part == null ? RestResponse.Status.OK : RestResponse.Status.PARTIAL_CONTENT;
    var response =
        described(status, artifact.sha256(), immutable)
            .header(HttpHeaders.CONTENT_TYPE, mediaType)
            .header(HttpHeaders.CONTENT_LENGTH, part == null ? size : part.length())
            .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment(fileName))
            .header("Accept-Ranges", "bytes")
            .header("Repr-Digest", digest(artifact.sha256()))
            .header("X-Content-Type-Options", "nosniff")
            .header("Content-Security-Policy", "default-src 'none'; sandbox");
    if (part != null) {
      response.header("Content-Range", "bytes " + part.offset() + "-" + part.last() + "/" + size);
    }
    return response;
  }

  private static String digest(Sha256 sha256) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(sha256.bytes()) + ":";
  }

  private RestResponse<?> redirection(StoredArtifact artifact, String mediaType, String fileName) {
    var presentation = new Presentation(mediaType, ContentDisposition.attachment(fileName));
    URI location = store.presignGet(artifact.key(), config.urlLife(), presentation);
    // Half the life of the address, so that nobody follows one that is about to end.
    Duration fresh = config.urlLife().dividedBy(2);
    return ResponseBuilder.create(RestResponse.Status.TEMPORARY_REDIRECT)
        .location(location)
        .header(HttpHeaders.CACHE_CONTROL, "private, max-age=" + fresh.toSeconds())
        .build();
  }

  private static RestResponse<?> unsatisfiable(StoredArtifact artifact) {
    var failure =
        new RegistryException(
            ProblemType.RANGE_NOT_SATISFIABLE,
            "No byte is in this range: there are " + artifact.size());
    return ResponseBuilder.create(failure.type().status(), Problem.of(failure))
        .type(Problem.MEDIA_TYPE)
        .header("Content-Range", "bytes */" + artifact.size())
        .build();
  }

  /** Opened here, so that a store that fails makes a problem and not a broken answer. */
  private RestResponse<?> stream(
      StoredArtifact artifact, RangeRequest range, ResponseBuilder<Object> response) {
    var bytes =
        switch (range) {
          case Part(var part) -> store.open(artifact.key(), part);
          case Whole _, Unsatisfiable _ -> store.open(artifact.key());
        };
    return response.entity((StreamingOutput) out -> copy(bytes, out)).build();
  }

  /** Also closes the connection to the store when the client goes away: writing throws then. */
  private static void copy(InputStream bytes, OutputStream out) throws IOException {
    try (bytes) {
      var buffer = new byte[BUFFER];
      for (int length; (length = bytes.read(buffer)) >= 0; ) {
        write(out, buffer, length);
      }
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }
}
