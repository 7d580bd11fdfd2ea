package org.cairn.run;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/v1/diff")
@Tag(name = "Runs")
@RunOnVirtualThread
class RunDiffResource {

  private final RunDiffService service;

  RunDiffResource(RunDiffService service) {
    this.service = service;
  }

  @GET
  @Admits(Rule.ITS_OWN_CHECK)
  @Operation(
      summary = "Compare two runs",
      description =
          "Compares configurations, arguments, seeds, batch schedules, data, parents, code, environments and hardware of the"
              + " segments that have one name, or else one stage, branch and first step; two runs of one segment each are compared"
              + " whatever those are called. Each difference belongs to a factor. The axes on which the runs stand apart, and the"
              + " factors that are named here, are declared: verdict says whether the runs differ in anything else that shapes"
              + " training. Of whole runs it also tells the batch sizes with which the same steps were evaluated in the same setting, where"
              + " they differ; where the runs have no such step in common, those of all steps. They belong to the factor evaluation, which"
              + " shapes no training, and at most 50 steps of each run are listed. Configurations of both together have at most 16 MiB, and"
              + " 5,000 differences are listed.")
  public RunDiffView diffRuns(
      @Parameter(description = "project/run") @RestQuery @NotNull @Size(max = 200) String left,
      @Parameter(description = "project/run; may be the same") @RestQuery @NotNull @Size(max = 200)
          String right,
      @Parameter(description = "Name of the only segment of left to compare")
          @RestQuery
          @Nullable
          @Size(max = 96)
          String leftSegment,
      @RestQuery @Nullable @Size(max = 96) String rightSegment,
      @Parameter(description = "By what they are to differ, such as seed; may be repeated")
          @RestQuery
          @Nullable
          @Size(max = 32)
          List<@Pattern(regexp = "[A-Za-z0-9_-]{1,64}") String> factor) {
    return service.diff(
        left,
        right,
        leftSegment,
        rightSegment,
        factor == null ? new LinkedHashSet<>() : new LinkedHashSet<>(factor));
  }
}
