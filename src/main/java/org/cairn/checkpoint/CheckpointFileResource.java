package org.cairn.checkpoint;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Objects;
import org.cairn.artifact.ArtifactDelivery;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/checkpoints/{ref}/files")
@Tag(name = "Checkpoints")
@RunOnVirtualThread
class CheckpointFileResource {

  private final CheckpointService service;
  private final CheckpointListService lists;
  private final ArtifactDelivery delivery;

  CheckpointFileResource(
      CheckpointService service, CheckpointListService lists, ArtifactDelivery delivery) {
    this.service = service;
    this.lists = lists;
    this.delivery = delivery;
  }

  /** Files to add to a draft. */
  record FilesRequest(
      @NotNull @Size(min = 1, max = CheckpointRequest.FILES_MAX)
          List<@NotNull @Valid FileRequest> files) {}

  /** All files of a checkpoint, by path. */
  record FilesView(List<CheckpointFileView> files) {}

  @POST
  @Operation(
      summary = "Add files to a draft",
      description =
          "A path that is there already gets the new content. Paths are relative and stay inside the checkpoint.")
  public FilesView putCheckpointFiles(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey,
      @Valid @NotNull FilesRequest request) {
    var view = service.putFiles(project, run, ref, request.files(), ifMatch, idempotencyKey);
    return new FilesView(Objects.requireNonNull(view.files()));
  }

  @GET
  @Operation(summary = "List the files of a checkpoint")
  public FilesView listCheckpointFiles(
      @RestPath String project, @RestPath String run, @RestPath String ref) {
    return new FilesView(Objects.requireNonNull(lists.get(project, run, ref).view().files()));
  }

  @GET
  @Path("/{path:.+}")
  @Operation(
      summary = "Download a file of a checkpoint",
      description =
          "Redirects to the object store, or streams where the service is set to proxy. ETag is the digest of the bytes.")
  @Uncompressed
  public RestResponse<?> getCheckpointFile(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var found = lists.file(project, run, ref, path);
    return delivery.get(
        found.file().sha256(), mediaType(found), name(path), found.sealed(), headers);
  }

  @HEAD
  @Path("/{path:.+}")
  @Operation(summary = "Read size, digest and type of a file of a checkpoint")
  @Uncompressed
  public RestResponse<?> headCheckpointFile(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var found = lists.file(project, run, ref, path);
    return delivery.head(
        found.file().sha256(), mediaType(found), name(path), found.sealed(), headers);
  }

  @DELETE
  @Path("/{path:.+}")
  @Operation(summary = "Remove a file from a draft")
  public void deleteCheckpointFile(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String path,
      @RestHeader("If-Match") @Nullable String ifMatch) {
    service.deleteFile(project, run, ref, path, ifMatch);
  }

  private static String mediaType(CheckpointListService.FoundFile found) {
    return Objects.requireNonNull(found.file().mediaType());
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
