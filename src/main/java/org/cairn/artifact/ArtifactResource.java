package org.cairn.artifact;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.RegistryException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Who knows a digest may read its bytes: docs/adr/0015-access.md. */
@Path("/v1/artifacts")
@Tag(name = "Artifacts")
@RunOnVirtualThread
@Admits(Rule.READERS)
class ArtifactResource {

  private static final String SCHEME = "sha256:";

  private final ArtifactService artifacts;
  private final ArtifactDelivery delivery;

  ArtifactResource(ArtifactService artifacts, ArtifactDelivery delivery) {
    this.artifacts = artifacts;
    this.delivery = delivery;
  }

  @POST
  @Path("/known")
  @Operation(summary = "Ask which bytes are here and need not be sent")
  public KnownView findKnownArtifacts(@Valid @NotNull KnownRequest request) {
    return new KnownView(artifacts.known(request.sha256()));
  }

  @GET
  @Path("/{digest}")
  @Operation(summary = "Download verified bytes; digest is sha256: and 64 hexadecimal digits")
  @Uncompressed
  public RestResponse<?> getArtifact(@RestPath String digest, @Context HttpHeaders headers) {
    var artifact = artifact(digest);
    return delivery.get(
        artifact.sha256(), artifact.mediaType(), artifact.sha256().hex(), true, headers);
  }

  @HEAD
  @Path("/{digest}")
  @Operation(summary = "Describe verified bytes")
  @Uncompressed
  public RestResponse<?> headArtifact(@RestPath String digest, @Context HttpHeaders headers) {
    var artifact = artifact(digest);
    return delivery.head(
        artifact.sha256(), artifact.mediaType(), artifact.sha256().hex(), true, headers);
  }

  private ArtifactView artifact(String digest) {
    if (!digest.startsWith(SCHEME)) {
      throw RegistryException.invalid("digest", "begins with " + SCHEME);
    }
    var sha256 = Digests.parse("digest", digest.substring(SCHEME.length()));
    return artifacts
        .find(sha256)
        .orElseThrow(() -> RegistryException.notFound("artifact", SCHEME + sha256));
  }
}
