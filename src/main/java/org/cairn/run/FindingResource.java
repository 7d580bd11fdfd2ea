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
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/findings")
@Tag(name = "Findings")
@RunOnVirtualThread
class FindingResource {

  private final FindingService service;

  FindingResource(FindingService service) {
    this.service = service;
  }

  @GET
  @Operation(summary = "List the faults that were found in a run, newest first")
  public PageView<FindingView> listFindings(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable @Size(max = 20) String status,
      @RestQuery("class") @Nullable @Size(max = 200) @Pattern(regexp = "\\P{Cc}*")
          String findingClass,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(project, run, status, findingClass, pageToken, pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Read a finding")
  public RestResponse<FindingView> getFinding(
      @RestPath String project, @RestPath String run, @RestPath UUID id) {
    return service.get(project, run, id).response();
  }

  @PATCH
  @Path("/{id}")
  @Operation(summary = "Judge a finding: explain it, or call it fixed")
  public RestResponse<FindingView> patchFinding(
      @RestPath String project,
      @RestPath String run,
      @RestPath UUID id,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @Valid @NotNull FindingPatch request) {
    return service.patch(project, run, id, request, ifMatch).response();
  }
}
