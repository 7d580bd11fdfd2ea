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

@Path("/v1/gc/plans")
@Tag(name = "Storage")
@RunOnVirtualThread
@Admits(Rule.OPERATORS)
class CollectionResource {

  private final CollectionService plans;

  CollectionResource(CollectionService plans) {
    this.plans = plans;
  }

  @POST
  @Operation(
      summary = "Look for what nothing needs",
      description =
          "Makes a plan, which can be read before anything is deleted; there is one at a time. For administrators.")
  public RestResponse<PlanView> createCollectionPlan(
      @RestHeader("Idempotency-Key") @Nullable String idempotencyKey) {
    var plan = plans.start(idempotencyKey);
    return ResponseBuilder.<PlanView>created(URI.create("/v1/gc/plans/" + plan.id()))
        .entity(plan)
        .build();
  }

  @GET
  @Operation(summary = "List plans, newest first", description = "For administrators.")
  public PageView<PlanView> listCollectionPlans(
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return plans.list(pageToken, pageSize);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Read a plan", description = "For administrators.")
  public PlanView getCollectionPlan(@RestPath UUID id) {
    return plans.get(id);
  }

  @GET
  @Path("/{id}/items")
  @Operation(
      summary = "List what is in a plan: what is deleted, and what nobody can account for",
      description = "By key. For administrators.")
  public PageView<PlanItemView> listCollectionItems(
      @RestPath UUID id,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("100") @Min(1) @Max(1000) int pageSize) {
    return plans.items(id, pageToken, pageSize);
  }

  @POST
  @Path("/{id}/approve")
  @Operation(
      summary = "Let a plan be carried out, once its time of grace is over",
      description =
          "What something names or needs by then is kept. Refused where the catalogue is older than the bucket. For administrators.")
  public RestResponse<PlanView> approveCollectionPlan(@RestPath UUID id) {
    return RestResponse.accepted(plans.approve(id));
  }

  @POST
  @Path("/{id}/cancel")
  @Operation(
      summary = "Give a plan up; what it has deleted by then is gone",
      description = "For administrators.")
  public RestResponse<PlanView> cancelCollectionPlan(@RestPath UUID id) {
    return RestResponse.accepted(plans.cancel(id));
  }
}
