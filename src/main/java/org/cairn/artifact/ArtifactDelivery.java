package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.cairn.api.RegistryException;
import org.cairn.artifact.RangeRequest.Unsatisfiable;
import org.cairn.artifact.TransferConfig.Mode;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.Presentation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Delivers artifacts: by a redirection to the store, or as {@link ContentDelivery} does where
 * transfers are proxied. The strong entity tag is the digest.
 */
@ApplicationScoped
public class ArtifactDelivery {

  private final ArtifactService artifacts;
  private final ObjectStore store;
  private final TransferConfig config;
  private final Clock clock;

  ArtifactDelivery(
      ArtifactService artifacts, ObjectStore store, TransferConfig config, Clock clock) {
    this.artifacts = artifacts;
    this.store = store;
    this.config = config;
    this.clock = clock;
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
    var content = content(artifact, mediaType, fileName, immutable);
    // The store knows the bytes by an entity tag of its own. A client repeats these conditions
    // there, and would be told that the bytes have changed, or, by a store that does not know
    // If-Range, be given the end of other bytes than it has the beginning of.
    var onlyHere =
        ContentDelivery.header(headers, HttpHeaders.IF_MATCH) != null
            || (ContentDelivery.header(headers, "If-Range") != null
                && ContentDelivery.header(headers, "Range") != null);
    if (config.mode() == Mode.PRESIGNED
        && !onlyHere
        && !ContentDelivery.isNotModified(content, headers)
        && !(ContentDelivery.range(content, headers) instanceof Unsatisfiable)) {
      return redirection(artifact, mediaType, fileName);
    }
    return ContentDelivery.get(content, headers);
  }

  /** Answers a HEAD: as {@link #get} where transfers are proxied, without the bytes. */
  public RestResponse<?> head(
      Sha256 sha256, String mediaType, String fileName, boolean immutable, HttpHeaders headers) {
    return ContentDelivery.head(content(stored(sha256), mediaType, fileName, immutable), headers);
  }

  /**
   * A part of an artifact that a client fetches from the store itself.
   *
   * @param range header to send
   */
  public record Stretch(
      URI url,
      @Schema(description = "The value of the header Range to send") String range,
      @Schema(description = "In bytes") long size,
      @Schema(description = "When the address ends") Instant expiresAt) {}

  /** An address for a part of an artifact. */
  public Stretch stretch(Sha256 sha256, ByteRange range) {
    var artifact = stored(sha256);
    var expiresAt = clock.instant().plus(config.urlLife());
    var presentation =
        new Presentation(MediaTypes.DEFAULT, ContentDisposition.attachment("part.bin"));
    return new Stretch(
        store.presignGet(artifact.key(), config.urlLife(), presentation),
        "bytes=" + range.offset() + "-" + range.last(),
        range.length(),
        expiresAt);
  }

  private Content content(
      StoredArtifact artifact, String mediaType, String fileName, boolean immutable) {
    return new Content(
        artifact.sha256().hex(),
        artifact.size(),
        mediaType,
        fileName,
        immutable,
        artifact.sha256(),
        range ->
            range.length() == artifact.size()
                ? store.open(artifact.key())
                : store.open(artifact.key(), range));
  }

  private StoredArtifact stored(Sha256 sha256) {
    return artifacts
        .stored(sha256)
        .orElseThrow(() -> RegistryException.notFound("artifact", "sha256:" + sha256));
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
}
