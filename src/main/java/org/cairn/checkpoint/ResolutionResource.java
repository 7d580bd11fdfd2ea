package org.cairn.checkpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/v1/resolve")
@Tag(name = "Labels")
@RunOnVirtualThread
class ResolutionResource {

  private final ResolutionService service;

  ResolutionResource(ResolutionService service) {
    this.service = service;
  }

  @GET
  @Admits(Rule.ITS_OWN_CHECK)
  @Operation(
      summary = "Find the checkpoints that a label means",
      description =
          "A label is any external name of a checkpoint: step1000, EleutherAI/pythia-160m@step3000, the address of a folder. Those"
              + " that have it or had it are listed, in all runs that the caller may read, or in the run that project and run name."
              + " Where that run, or the one that the label itself names, has no such label, its checkpoints of which is true what"
              + " the label says stand first. No match is no error.")
  public LabelResolution resolveLabel(
      @RestQuery @NotNull @Size(min = 1, max = Names.LABEL_MAX) String label,
      @RestQuery @Nullable String project,
      @RestQuery @Nullable String run,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return service.resolve(label, project, run, pageToken, pageSize);
  }
}
