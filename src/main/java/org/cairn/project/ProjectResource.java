package org.cairn.project;

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
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects")
@Tag(name = "Projects")
@RunOnVirtualThread
class ProjectResource {

  private final ProjectService service;

  ProjectResource(ProjectService service) {
    this.service = service;
  }

  @POST
  @Admits(Rule.ITS_OWN_CHECK)
  @Operation(summary = "Register a project")
  public RestResponse<ProjectView> createProject(
      @Valid @NotNull CreateProjectRequest request,
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var project = service.create(request, idempotencyKey);
    return RestResponse.ResponseBuilder.<ProjectView>created(
            URI.create("/v1/projects/" + project.name()))
        .entity(project)
        .build();
  }

  @GET
  @Admits(Rule.READERS)
  @Operation(summary = "List projects, newest first")
  public PageView<ProjectView> listProjects(
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(pageToken, pageSize);
  }

  @GET
  @Path("/{project}")
  @Operation(summary = "Read a project")
  public RestResponse<ProjectView> getProject(@RestPath String project) {
    return service.get(project).response();
  }

  @PATCH
  @Path("/{project}")
  @Operation(summary = "Change the description of a project")
  public RestResponse<ProjectView> patchProject(
      @RestPath String project,
      @RestHeader("If-Match") @Nullable String ifMatch,
      @Valid @NotNull ProjectPatch request) {
    return service.patch(project, request, ifMatch).response();
  }
}
