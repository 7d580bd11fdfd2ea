package org.cairn.artifact;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

@Path("/v1/scrubs")
@Tag(name = "Storage")
@RunOnVirtualThread
@Admits(Rule.OPERATORS)
class ScrubResource {

  private final ScrubService scrubs;

  ScrubResource(ScrubService scrubs) {
    this.scrubs = scrubs;
  }

  @POST
  @Operation(
      summary = "Read everything that is stored, to find what rotted",
      description =
          "At the rate of cairn.scrub.rate; there is one pass at a time. For administrators.")
  public RestResponse<ScrubView> createScrub(
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var pass = scrubs.start(idempotencyKey);
    return ResponseBuilder.<ScrubView>created(URI.create("/v1/scrubs/" + pass.id()))
        .entity(pass)
        .build();
  }

  @GET
  @Operation(summary = "List passes, newest first", description = "For administrators.")
  public PageView<ScrubView> listScrubs(
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return scrubs.list(pageToken, pageSize);
  }

  @GET
  @Path("/damaged")
  @Operation(
      summary = "List the stored objects that are damaged now, by key",
      description =
          "They are not served until somebody uploads the same bytes again, or a pass finds them right. For administrators.")
  public PageView<DamagedView> listDamagedObjects(
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return scrubs.damaged(pageToken, pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Read how far a pass is", description = "For administrators.")
  public ScrubView getScrub(@RestPath UUID id) {
    return scrubs.get(id);
  }
}
