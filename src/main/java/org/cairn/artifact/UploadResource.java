package org.cairn.artifact;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

@Path("/v1/uploads")
@Tag(name = "Uploads")
@RunOnVirtualThread
@Admits(Rule.WRITERS_OF_ANYTHING)
class UploadResource {

  private final UploadTransfer transfer;
  private final UploadService uploads;

  UploadResource(UploadTransfer transfer, UploadService uploads) {
    this.transfer = transfer;
    this.uploads = uploads;
  }

  @POST
  @Operation(
      summary = "Announce bytes",
      description = "200: they are here already, send nothing. 201: an upload was opened.")
  public RestResponse<UploadView> createUpload(
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey,
      @Valid @NotNull CreateUploadRequest request,
      @Context UriInfo uri) {
    var view = transfer.open(idempotencyKey, request, uri.getBaseUri());
    return view.id() == null
        ? RestResponse.ok(view)
        : ResponseBuilder.<UploadView>created(URI.create("/v1/uploads/" + view.id()))
            .entity(view)
            .build();
  }

  @GET
  @Operation(summary = "List uploads, newest first; those of a digest, to resume one")
  public PageView<UploadView> listUploads(
      @RestQuery @Nullable String sha256,
      @RestQuery @Nullable String state,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return uploads.list(
        PageToken.newest(pageToken),
        sha256 == null ? null : Digests.parse("sha256", sha256),
        state == null ? null : UploadState.parse(state),
        pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Read an upload; with wait, only once it is verified or that time is over")
  public UploadView getUpload(
      @RestPath UUID id, @RestQuery @DefaultValue("0") @Min(0) @Max(30) int wait)
      throws InterruptedException {
    return transfer.await(id, Duration.ofSeconds(wait));
  }

  @DELETE
  @Path("/{id}")
  @Operation(summary = "Give an open upload up")
  public RestResponse<Void> abortUpload(@RestPath UUID id) {
    transfer.abort(id);
    return RestResponse.noContent();
  }

  @GET
  @Path("/{id}/parts")
  @Operation(summary = "List the parts that have arrived, and those to send")
  public PartsView listUploadParts(@RestPath UUID id) {
    return transfer.parts(id);
  }

  @POST
  @Path("/{id}/parts")
  @Operation(summary = "Ask where to PUT parts")
  public PartTargets signUploadParts(
      @RestPath UUID id, @Valid @NotNull PartNumbersRequest request, @Context UriInfo uri) {
    return new PartTargets(transfer.targets(id, request.numbers(), uri.getBaseUri()));
  }

  /**
   * Its address is handed out as one of the store would be, for one upload whose bytes are hashed
   * before anybody sees them; and those that send parts send no token to such addresses.
   */
  @PUT
  @Path("/{id}/parts/{number}")
  @Admits(Rule.EVERYBODY)
  @Consumes(MediaType.WILDCARD)
  @Operation(summary = "Send a part through this service, where transfers are proxied")
  public RestResponse<Void> putUploadPart(
      @RestPath UUID id,
      @RestPath int number,
      @RestHeader(HttpHeaders.CONTENT_LENGTH) @DefaultValue("-1") long length,
      InputStream bytes) {
    var part = transfer.put(id, number, bytes, length);
    return ResponseBuilder.<Void>ok().header(HttpHeaders.ETAG, "\"" + part.etag() + "\"").build();
  }

  @POST
  @Path("/{id}/complete")
  @Operation(summary = "Say that all parts were sent: the bytes are hashed and then can be read")
  public RestResponse<UploadView> completeUpload(@RestPath UUID id) {
    return RestResponse.accepted(transfer.complete(id));
  }

  /** Where to PUT parts. */
  record PartTargets(List<PartTarget> parts) {}
}
