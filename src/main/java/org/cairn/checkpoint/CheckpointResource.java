package org.cairn.checkpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
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
  private final SealService seals;
  private final SealWaiter sealing;

  CheckpointResource(
      CheckpointService service,
      CheckpointListService lists,
      BulkRegistration bulk,
      SealService seals,
      SealWaiter sealing) {
    this.service = service;
    this.lists = lists;
    this.bulk = bulk;
    this.seals = seals;
    this.sealing = sealing;
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
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
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
              + " all; the answer has one line for each, with its number, status and label or problem.")
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
      @RestQuery @Nullable String stage,
      @RestQuery @Nullable String branch,
      @RestQuery @Nullable @PositiveOrZero Long stepFrom,
      @RestQuery @Nullable @PositiveOrZero Long stepTo,
      @RestQuery @Nullable @PositiveOrZero Long tokensFrom,
      @RestQuery @Nullable @PositiveOrZero Long tokensTo,
      @RestQuery @Nullable String kind,
      @RestQuery @Nullable String state,
      @Parameter(
              description = "Only those where this part of the state is present, such as optimizer")
          @RestQuery
          @Nullable List<String> has,
      @Parameter(description = "log or linear") @RestQuery @Nullable String spacing,
      @Parameter(description = "How many a spacing chooses; 20 where left out")
          @RestQuery
          @Nullable
          @Min(1)
          @Max(2000)
          Integer points,
      @RestQuery @Nullable @PositiveOrZero Long nearestStep,
      @RestQuery @Nullable @PositiveOrZero Long nearestTokens,
      @Parameter(description = "files adds each checkpoint's files with their digests") @RestQuery
          @Nullable String include,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(2000) int pageSize) {
    if (include != null && !include.equals("files")) {
      throw RegistryException.invalid("include", "can only be files");
    }
    return lists.list(
        project,
        run,
        new CheckpointFilter(
            stage,
            branch,
            stepFrom,
            stepTo,
            tokensFrom,
            tokensTo,
            parse("kind", CheckpointKind.class, kind),
            parse("state", CheckpointState.class, state),
            has == null
                ? List.of()
                : has.stream().map(c -> required("has", Component.class, c)).toList()),
        new CheckpointListService.Choice(
            parse("spacing", Spacing.class, spacing), points, nearestStep, nearestTokens),
        include != null,
        pageToken,
        pageSize);
  }

  @GET
  @Path("/{ref}")
  @Operation(
      summary = "Read a checkpoint with its files",
      description =
          "ref is a label (percent-encode slashes), latest, terminal, or sha256:{weightsDigest}.")
  public RestResponse<CheckpointView> getCheckpoint(
      @RestPath String project, @RestPath String run, @RestPath String ref) {
    return RestResponse.ok(lists.get(project, run, ref));
  }

  @DELETE
  @Path("/{ref}")
  @Operation(summary = "Delete a draft")
  public void deleteCheckpoint(
      @RestPath String project, @RestPath String run, @RestPath String ref) {
    service.delete(project, run, ref);
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

  private static URI address(CheckpointView view) {
    return URI.create(
        "/v1/projects/%s/runs/%s/checkpoints/%s"
            .formatted(
                view.project(),
                view.run(),
                URLEncoder.encode(view.label(), StandardCharsets.UTF_8).replace("+", "%20")));
  }

  private static <E extends Enum<E>> @Nullable E parse(
      String field, Class<E> type, @Nullable String name) {
    return name == null || name.isEmpty() ? null : required(field, type, name);
  }

  private static <E extends Enum<E>> E required(String field, Class<E> type, String name) {
    try {
      return Wire.parse(type, name);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalid(
          field, "must be one of " + java.util.Arrays.toString(type.getEnumConstants()));
    }
  }
}
