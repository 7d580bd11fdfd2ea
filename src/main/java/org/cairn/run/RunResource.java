package org.cairn.run;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
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

@Path("/v1/projects/{project}/runs")
@Tag(name = "Runs")
@RunOnVirtualThread
class RunResource {

  private final RunService service;

  RunResource(RunService service) {
    this.service = service;
  }

  @POST
  @Operation(summary = "Register a training run")
  public RestResponse<RunView> createRun(
      @RestPath String project,
      @Valid @NotNull CreateRunRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var run = service.create(project, request, idempotencyKey);
    return RestResponse.ResponseBuilder.<RunView>created(
            URI.create("/v1/projects/" + run.project() + "/runs/" + run.name()))
        .entity(run)
        .build();
  }

  @GET
  @Operation(summary = "List the runs of a project, newest first")
  public PageView<RunView> listRuns(
      @RestPath String project,
      @RestQuery @Nullable @Size(max = 200) @Pattern(regexp = "\\P{Cc}*") String family,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(project, family, pageToken, pageSize);
  }

  @GET
  @Path("/{run}")
  @Operation(summary = "Read a run")
  public RestResponse<RunView> getRun(@RestPath String project, @RestPath String run) {
    return service.get(project, run).response();
  }

  @PATCH
  @Path("/{run}")
  @Operation(summary = "Change what is said of a run")
  public RestResponse<RunView> patchRun(
      @RestPath String project,
      @RestPath String run,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @Valid @NotNull RunPatch request) {
    return service.patch(project, run, request, ifMatch).response();
  }
}
