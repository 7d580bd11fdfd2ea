package org.cairn.checkpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.cairn.api.PageView;
import org.cairn.checkpoint.LabelService.LabelView;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/labels")
@Tag(name = "Labels")
@RunOnVirtualThread
class LabelResource {

  private final LabelService service;

  LabelResource(LabelService service) {
    this.service = service;
  }

  /** The checkpoint that a label is to name. */
  record LabelRequest(@NotNull @Size(min = 1, max = Names.LABEL_MAX) String checkpoint) {}

  @GET
  @Operation(
      summary = "Read the labels of a run and what they ever named",
      description =
          "Oldest first; a label that moved appears once for each checkpoint that it named.")
  public PageView<LabelView> listLabels(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable @Size(max = Names.LABEL_MAX) String label,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("1000") @Min(1) @Max(10_000) int pageSize) {
    return service.list(project, run, label, pageToken, pageSize);
  }

  @PUT
  @Path("/{label}")
  @Operation(
      summary = "Give a label to a checkpoint",
      description =
          "Takes it from another checkpoint if need be, except where it is the primary label of that one.")
  public LabelView assignLabel(
      @RestPath String project,
      @RestPath String run,
      @RestPath String label,
      @Valid @NotNull LabelRequest request) {
    return service.assign(project, run, label, request.checkpoint());
  }

  @DELETE
  @Path("/{label}")
  @Operation(summary = "Retire a label; its history stays")
  public void retireLabel(@RestPath String project, @RestPath String run, @RestPath String label) {
    service.retire(project, run, label);
  }
}
