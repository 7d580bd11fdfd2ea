package org.cairn.run;

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

@Path("/v1/projects/{project}/runs/{run}/segments")
@Tag(name = "Segments")
@RunOnVirtualThread
class SegmentResource {

  private final SegmentService service;

  SegmentResource(SegmentService service) {
    this.service = service;
  }

  @POST
  @Operation(summary = "Register a segment of a run, with where it comes from")
  public RestResponse<SegmentView> createSegment(
      @RestPath String project,
      @RestPath String run,
      @Valid @NotNull CreateSegmentRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var segment = service.create(project, run, request, idempotencyKey);
    return RestResponse.ResponseBuilder.<SegmentView>created(
            URI.create(
                "/v1/projects/"
                    + segment.project()
                    + "/runs/"
                    + segment.run()
                    + "/segments/"
                    + segment.name()))
        .entity(segment)
        .build();
  }

  @GET
  @Operation(summary = "List the segments of a run in their order")
  public PageView<SegmentView> listSegments(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(200) int pageSize) {
    return service.list(project, run, pageToken, pageSize);
  }

  @GET
  @Path("/{segment}")
  @Operation(summary = "Read a segment")
  public RestResponse<SegmentView> getSegment(
      @RestPath String project, @RestPath String run, @RestPath String segment) {
    return service.get(project, run, segment).response();
  }

  @PATCH
  @Path("/{segment}")
  @Operation(summary = "Say where a segment ended, or what else is known of it")
  public RestResponse<SegmentView> patchSegment(
      @RestPath String project,
      @RestPath String run,
      @RestPath String segment,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @Valid @NotNull SegmentPatch request) {
    return service.patch(project, run, segment, request, ifMatch).response();
  }
}
