package org.cairn.run;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.api.PageView;
import org.cairn.artifact.ArtifactDelivery;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/files")
@Tag(name = "Run files")
@RunOnVirtualThread
class RunFileResource {

  private final RunFileService service;
  private final ArtifactDelivery delivery;

  RunFileResource(RunFileService service, ArtifactDelivery delivery) {
    this.service = service;
    this.delivery = delivery;
  }

  @POST
  @Operation(summary = "Add files to a run, or replace those whose paths are taken")
  public RunFilesView putRunFiles(
      @RestPath String project,
      @RestPath String run,
      @Valid @NotNull RunFilesRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    return service.put(project, run, request, idempotencyKey);
  }

  @GET
  @Operation(summary = "List the files of a run by path")
  public PageView<RunFileView> listRunFiles(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1_000) int pageSize) {
    return service.list(project, run, pageToken, pageSize);
  }

  @GET
  @Path("/{path:.+}")
  @Operation(summary = "Download a file of a run")
  @Uncompressed
  public RestResponse<?> getRunFile(
      @RestPath String project,
      @RestPath String run,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var file = service.get(project, run, path);
    return delivery.get(file.sha256(), file.mediaType(), file.path(), false, headers);
  }

  @HEAD
  @Path("/{path:.+}")
  @Operation(summary = "Describe the bytes of a file of a run")
  @Uncompressed
  public RestResponse<?> headRunFile(
      @RestPath String project,
      @RestPath String run,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var file = service.get(project, run, path);
    return delivery.head(file.sha256(), file.mediaType(), file.path(), false, headers);
  }

  @DELETE
  @Path("/{path:.+}")
  @Operation(summary = "Take a file out of a run")
  public void deleteRunFile(@RestPath String project, @RestPath String run, @RestPath String path) {
    service.delete(project, run, path);
  }
}
