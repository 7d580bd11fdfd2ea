package org.cairn.importer;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.UUID;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

@Path("/v1/imports")
@Tag(name = "Imports")
@RunOnVirtualThread
@Admits(Rule.ITS_OWN_CHECK)
class ImportResource {

  private final ImportService imports;

  ImportResource(ImportService imports) {
    this.imports = imports;
  }

  @POST
  @Operation(
      summary = "Read what a release says of itself into the catalogue, and say what is wrong",
      description =
          "The files are uploaded before, and kept as they are. With dryRun nothing is changed: the"
              + " import tells what it would change and what it found. Doing an import again changes"
              + " nothing; with a newer listing of the same name it tells what appeared, moved or vanished."
              + " For writers of the project.")
  public RestResponse<ImportView> createImport(
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey,
      @Valid @NotNull CreateImportRequest request) {
    var created = imports.create(request, idempotencyKey);
    return ResponseBuilder.<ImportView>create(RestResponse.Status.ACCEPTED)
        .location(URI.create("/v1/imports/" + created.id()))
        .entity(created)
        .build();
  }

  @GET
  @Operation(
      summary = "List the imports of a project, newest first",
      description = "For those who have a role in the project.")
  public PageView<ImportView> listImports(
      @RestQuery @NotNull String project,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return imports.list(project, pageToken, pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(
      summary = "Read an import",
      description = "Its job tells the progress. For those who have a role in the project.")
  public ImportView getImport(@RestPath UUID id) {
    return imports.get(id);
  }

  @GET
  @Path("/{id}/changes")
  @Operation(
      summary = "List what an import changed in the catalogue, or would change",
      description = "Runs and what is in them first, then the lines of listings, in their order.")
  public PageView<ImportChange> listImportChanges(
      @RestPath UUID id,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return imports.changes(id, pageToken, pageSize);
  }

  @GET
  @Path("/{id}/findings")
  @Operation(
      summary = "List what an import found",
      description =
          "As it was then. Where the import was no dry run, each is a finding of its run as well, which"
              + " people judge.")
  public PageView<ImportFindingView> listImportFindings(
      @RestPath UUID id,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return imports.findings(id, pageToken, pageSize);
  }

  @POST
  @Path("/{id}/cancel")
  @Operation(
      summary = "Stop an import; it may run a little longer, one that is over is left as it is",
      description =
          "What it has registered by then stays, and doing the import again goes on from there. For"
              + " writers of the project.")
  public RestResponse<ImportView> cancelImport(@RestPath UUID id) {
    return RestResponse.accepted(imports.cancel(id));
  }
}
