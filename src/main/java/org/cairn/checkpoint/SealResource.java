package org.cairn.checkpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/projects/{project}/runs/{run}/checkpoints")
@Tag(name = "Checkpoints")
@RunOnVirtualThread
class SealResource {

  private final SealService seals;
  private final SealWaiter sealing;

  SealResource(SealService seals, SealWaiter sealing) {
    this.seals = seals;
    this.sealing = sealing;
  }

  @POST
  @Path("/{ref}/seal")
  @Consumes(MediaType.WILDCARD)
  @Operation(
      summary = "Seal a checkpoint",
      description =
          "Waits for the verification of its files, stores the canonical manifest and makes the checkpoint immutable. Answers 202"
              + " where that takes longer than the wait; it goes on by itself. Sealing a sealed one answers it as it is.")
  @APIResponse(
      responseCode = "200",
      description = "Sealed",
      content = @Content(schema = @Schema(implementation = CheckpointView.class)))
  @APIResponse(
      responseCode = "202",
      description = "Being sealed",
      content = @Content(schema = @Schema(implementation = CheckpointView.class)))
  public RestResponse<CheckpointView> sealCheckpoint(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @Parameter(description = "Seconds to wait for the outcome")
          @RestQuery
          @DefaultValue("20")
          @Min(0)
          @Max(30)
          int wait) {
    var view = sealing.seal(project, run, ref, Duration.ofSeconds(wait));
    return view.state() == CheckpointState.SEALED
        ? RestResponse.ok(view)
        : RestResponse.ResponseBuilder.<CheckpointView>accepted(view)
            .header("Retry-After", "2")
            .build();
  }

  @GET
  @Path("/{ref}/manifest")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Read the canonical manifest of a sealed checkpoint",
      description = "RFC 8785 bytes, whose SHA-256 is the checkpoint's manifestDigest.")
  @APIResponse(
      responseCode = "200",
      description = "The manifest",
      content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
  public RestResponse<byte[]> getManifest(
      @RestPath String project, @RestPath String run, @RestPath String ref) {
    var manifest = seals.manifest(project, run, ref);
    return RestResponse.ResponseBuilder.ok(manifest.canonical().getBytes(StandardCharsets.UTF_8))
        .header("ETag", "\"" + manifest.digest() + "\"")
        .build();
  }
}
