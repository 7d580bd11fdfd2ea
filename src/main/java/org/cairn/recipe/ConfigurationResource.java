package org.cairn.recipe;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.UUID;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/configurations")
@Tag(name = "Configurations")
@RunOnVirtualThread
class ConfigurationResource {

  private final ConfigurationService service;

  ConfigurationResource(ConfigurationService service) {
    this.service = service;
  }

  @POST
  @Operation(
      summary = "Register a training configuration",
      description = "201, or 200 where the project has an equal one.")
  public RestResponse<ConfigurationView> createConfiguration(
      @RestPath String project,
      @Valid @NotNull CreateConfigurationRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var answer = service.create(project, request, idempotencyKey);
    if (!answer.created()) {
      return RestResponse.ok(answer.configuration());
    }
    return RestResponse.ResponseBuilder.<ConfigurationView>created(
            URI.create(
                "/v1/projects/" + project + "/configurations/" + answer.configuration().id()))
        .entity(answer.configuration())
        .build();
  }

  @GET
  @Operation(summary = "List the configurations of a project, newest first")
  public PageView<ConfigurationView> listConfigurations(
      @RestPath String project,
      @RestQuery @Nullable @Size(max = 200) @Pattern(regexp = "\\P{Cc}*") String name,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(project, name, pageToken, pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Read a configuration")
  public RestResponse<ConfigurationView> getConfiguration(
      @RestPath String project, @RestPath UUID id) {
    return service.get(project, id).response();
  }
}
