package org.cairn.dataset;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Objects;
import org.cairn.api.PageView;
import org.cairn.artifact.ArtifactDelivery;
import org.cairn.platform.MediaTypes;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/datasets/{dataset}/versions")
@Tag(name = "Datasets")
@RunOnVirtualThread
class DatasetVersionResource {

  private final DatasetVersionService service;
  private final ArtifactDelivery delivery;

  DatasetVersionResource(DatasetVersionService service, ArtifactDelivery delivery) {
    this.service = service;
    this.delivery = delivery;
  }

  @POST
  @Operation(summary = "Register a version of a dataset with all its files")
  public RestResponse<DatasetVersionView> createDatasetVersion(
      @RestPath String project,
      @RestPath String dataset,
      @Valid @NotNull CreateDatasetVersionRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var version = service.create(project, dataset, request, idempotencyKey);
    return RestResponse.ResponseBuilder.<DatasetVersionView>created(
            URI.create(
                "/v1/projects/"
                    + version.project()
                    + "/datasets/"
                    + version.dataset()
                    + "/versions/"
                    + version.version()))
        .entity(version)
        .build();
  }

  @GET
  @Operation(summary = "List the versions of a dataset, newest first")
  public PageView<DatasetVersionView> listDatasetVersions(
      @RestPath String project,
      @RestPath String dataset,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(project, dataset, pageToken, pageSize);
  }

  @GET
  @Path("/{version}")
  @Operation(summary = "Read a version of a dataset")
  public RestResponse<DatasetVersionView> getDatasetVersion(
      @RestPath String project, @RestPath String dataset, @RestPath String version) {
    return service.get(project, dataset, version).response();
  }

  @GET
  @Path("/{version}/files")
  @Operation(summary = "List the files of a dataset version by path")
  public PageView<DatasetFileView> listDatasetFiles(
      @RestPath String project,
      @RestPath String dataset,
      @RestPath String version,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("1000") @Min(1) @Max(10_000) int pageSize) {
    return service.files(project, dataset, version, pageToken, pageSize);
  }

  @GET
  @Path("/{version}/files/{path:.+}")
  @Operation(summary = "Download a file of a dataset version")
  @Uncompressed
  public RestResponse<?> getDatasetFile(
      @RestPath String project,
      @RestPath String dataset,
      @RestPath String version,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var file = service.stored(project, dataset, version, path);
    return delivery.get(
        file.sha256(),
        Objects.requireNonNullElse(file.mediaType(), MediaTypes.DEFAULT),
        file.path(),
        true,
        headers);
  }

  @HEAD
  @Path("/{version}/files/{path:.+}")
  @Operation(summary = "Describe the bytes of a file of a dataset version")
  @Uncompressed
  public RestResponse<?> headDatasetFile(
      @RestPath String project,
      @RestPath String dataset,
      @RestPath String version,
      @RestPath String path,
      @Context HttpHeaders headers) {
    var file = service.stored(project, dataset, version, path);
    return delivery.head(
        file.sha256(),
        Objects.requireNonNullElse(file.mediaType(), MediaTypes.DEFAULT),
        file.path(),
        true,
        headers);
  }
}
