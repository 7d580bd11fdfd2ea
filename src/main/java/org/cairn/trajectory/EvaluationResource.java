package org.cairn.trajectory;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.cairn.api.PageView;
import org.cairn.trajectory.EvaluationService.EvaluationView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/evaluations")
@Tag(name = "Trajectories")
@RunOnVirtualThread
class EvaluationResource {

  private final EvaluationService evaluations;

  EvaluationResource(EvaluationService evaluations) {
    this.evaluations = evaluations;
  }

  @GET
  @Operation(
      summary = "List what evaluations of a run's checkpoints came to",
      description = "As they were published: by step, then by the file that says it.")
  public PageView<EvaluationView> listEvaluations(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return evaluations.list(project, run, pageToken, pageSize);
  }
}
