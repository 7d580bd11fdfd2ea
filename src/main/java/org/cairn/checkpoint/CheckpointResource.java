package org.cairn.checkpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/checkpoints")
@Tag(name = "Checkpoints")
@RunOnVirtualThread
class CheckpointResource {

  private static final String NDJSON = "application/x-ndjson";

  private final CheckpointService service;
  private final CheckpointListService lists;
  private final BulkRegistration bulk;

  CheckpointResource(
      CheckpointService service, CheckpointListService lists, BulkRegistration bulk) {
    this.service = service;
    this.lists = lists;
    this.bulk = bulk;
  }

  @POST
  @Operation(
      summary = "Register a checkpoint as a draft",
      description =
          "Its files may be named now or later; their bytes may arrive before or after, at the latest when it is sealed."
              + " tokens and sequences are claims: where the batch schedule gives others, both are kept and a finding says so.")
  public RestResponse<CheckpointView> createCheckpoint(
      @RestPath String project,
      @RestPath String run,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey,
      @Valid @NotNull CheckpointRequest request) {
    var view = service.create(project, run, idempotencyKey, request);
    return RestResponse.ResponseBuilder.<CheckpointView>created(address(view)).entity(view).build();
  }

  @POST
  @Path("/bulk")
  @Consumes(NDJSON)
  @Produces(NDJSON)
  @Operation(
      summary = "Register many checkpoints",
      description =
          "One JSON object a line, as for registering one; at most 50,000 lines of 4 MiB. Each line takes effect wholly or not at"
              + " all; the answer has one line for each, with its number, status and label or problem. It begins when the request"
              + " was read. A stream that was sent before answers 409 for what is there.")
  @APIResponse(
      responseCode = "200",
      description = "One result a line",
      content =
          @Content(
              mediaType = NDJSON,
              schema = @Schema(implementation = BulkRegistration.LineResult.class)))
  public byte[] createCheckpoints(
      @RestPath String project,
      @RestPath String run,
      @RequestBody(
              content =
                  @Content(
                      mediaType = NDJSON,
                      schema = @Schema(implementation = CheckpointRequest.class)))
          InputStream body)
      throws IOException {
    return bulk.register(project, run, body);
  }

  @GET
  @Operation(
      summary = "List checkpoints in order of training",
      description =
          "All of them by pages, or a few: spacing=log&points=20 chooses evenly spaced ones, nearestStep and nearestTokens the one"
              + " nearest to a target. Filters apply first. Bounds are inclusive.")
  public PageView<CheckpointView> listCheckpoints(
      @RestPath String project,
      @RestPath String run,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = "files adds each checkpoint's files with their digests") @RestQuery
          @Nullable String include,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(2000) int pageSize) {
    if (include != null && !include.equals("files")) {
      throw RegistryException.invalid("include", "can only be files");
    }
    return lists.list(
        project, run, selection.filter(), selection.choice(), include != null, pageToken, pageSize);
  }

  @GET
  @Path("/{ref}")
  @Operation(
      summary = "Read a checkpoint with its files",
      description =
          "ref is a label (percent-encode slashes), latest, terminal, or sha256:{weightsDigest}.")
  public RestResponse<CheckpointView> getCheckpoint(
      @RestPath String project, @RestPath String run, @RestPath String ref) {
    return lists.get(project, run, ref).response();
  }

  @DELETE
  @Path("/{ref}")
  @Operation(summary = "Delete a draft")
  public void deleteCheckpoint(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestHeader("If-Match") @Nullable String ifMatch) {
    service.delete(project, run, ref, ifMatch);
  }

  private static URI address(CheckpointView view) {
    return URI.create(
        "/v1/projects/%s/runs/%s/checkpoints/%s"
            .formatted(
                view.project(),
                view.run(),
                URLEncoder.encode(view.label(), StandardCharsets.UTF_8).replace("+", "%20")));
  }
}
