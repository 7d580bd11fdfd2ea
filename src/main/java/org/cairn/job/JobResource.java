package org.cairn.job;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/jobs")
@Tag(name = "Jobs")
@RunOnVirtualThread
class JobResource {

  private final JobService jobs;

  JobResource(JobService jobs) {
    this.jobs = jobs;
  }

  /** Of all projects, with their names: for administrators. */
  @GET
  @Admits(Rule.OPERATORS)
  @Operation(
      summary = "List jobs, newest first",
      description = "For administrators, where there are any; who has a job's id may read it.")
  public PageView<JobView> listJobs(
      @RestQuery @Nullable String state,
      @RestQuery @Nullable String kind,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return jobs.list(
        PageToken.newest(pageToken), state == null ? null : JobState.parse(state), kind, pageSize);
  }

  @GET
  @Path("/{id}")
  @Admits(Rule.READERS)
  @Operation(summary = "Read a job")
  public JobView getJob(@RestPath UUID id) {
    return jobs.get(id);
  }

  @POST
  @Path("/{id}/cancel")
  @Admits(Rule.WRITERS_OF_ANYTHING)
  @Operation(
      summary = "Stop a job; it may run a little longer, one that has ended is left as it is")
  public RestResponse<JobView> cancelJob(@RestPath UUID id) {
    return RestResponse.accepted(jobs.cancel(id));
  }
}
