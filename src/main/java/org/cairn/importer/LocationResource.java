package org.cairn.importer;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.cairn.api.Choice;
import org.cairn.api.PageView;
import org.cairn.importer.LocationService.LocationState;
import org.cairn.importer.LocationService.LocationView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/locations")
@Tag(name = "Imports")
@RunOnVirtualThread
class LocationResource {

  private final LocationService locations;

  LocationResource(LocationService locations) {
    this.locations = locations;
  }

  @GET
  @Operation(
      summary = "List where others have bytes of a run's checkpoints",
      description =
          "By address. Each is asked about from time to time with HEAD, and compared with the digest"
              + " and size that were listed, where the host gives them. What leads into a network that is"
              + " not public is never asked.")
  public PageView<LocationView> listLocations(
      @RestPath String project,
      @RestPath String run,
      @RestQuery @Nullable String state,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return locations.list(
        project,
        run,
        state == null
            ? null
            : Choice.of("state", LocationState.values(), LocationState::text, state),
        pageToken,
        pageSize);
  }
}
