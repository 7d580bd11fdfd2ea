package org.cairn.run;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/v1/projects/{project}/runs/{run}/lineage")
@Tag(name = "Lineage")
@RunOnVirtualThread
class LineageResource {

  private final LineageService service;

  LineageResource(LineageService service) {
    this.service = service;
  }

  @GET
  @Operation(
      summary = "Read where a run comes from and what came out of it",
      description = "At most 5000 edges, the nearest ones, and at most depth edges away.")
  public LineageView getLineage(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @DefaultValue("64") @Min(1) @Max(LineageService.MAX_DEPTH) int depth) {
    return service.of(project, run, depth);
  }
}
