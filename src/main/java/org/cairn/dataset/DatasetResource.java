package org.cairn.dataset;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/datasets")
@Tag(name = "Datasets")
@RunOnVirtualThread
class DatasetResource {

  private final DatasetService service;

  DatasetResource(DatasetService service) {
    this.service = service;
  }

  @POST
  @Operation(summary = "Register a dataset")
  public RestResponse<DatasetView> createDataset(
      @RestPath String project,
      @Valid @NotNull CreateDatasetRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var dataset = service.create(project, request, idempotencyKey);
    return RestResponse.ResponseBuilder.<DatasetView>created(
            URI.create("/v1/projects/" + dataset.project() + "/datasets/" + dataset.name()))
        .entity(dataset)
        .build();
  }

  @GET
  @Operation(summary = "List the datasets of a project, newest first")
  public PageView<DatasetView> listDatasets(
      @RestPath String project,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(project, pageToken, pageSize);
  }

  @GET
  @Path("/{dataset}")
  @Operation(summary = "Read a dataset")
  public RestResponse<DatasetView> getDataset(@RestPath String project, @RestPath String dataset) {
    return service.get(project, dataset).response();
  }

  @PATCH
  @Path("/{dataset}")
  @Operation(summary = "Change the description of a dataset")
  public RestResponse<DatasetView> patchDataset(
      @RestPath String project,
      @RestPath String dataset,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @Valid @NotNull DatasetPatch request) {
    return service.patch(project, dataset, request, ifMatch).response();
  }
}
