package org.cairn.hub;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Files of repositories. HEAD has methods of its own, as one that is derived from GET would not say
 * how long the file is.
 */
@Path("/")
@RunOnVirtualThread
class HubFileResource {

  private static final String MODEL = "{project}/{name}/{how: resolve|raw}/{place: .+}";
  private static final String DATASET = "datasets/" + MODEL;

  private final HubFileDelivery delivery;

  HubFileResource(HubFileDelivery delivery) {
    this.delivery = delivery;
  }

  @GET
  @Path(MODEL)
  @Uncompressed
  public RestResponse<?> getModelFile(
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Context HttpHeaders headers) {
    return delivery.get(RepositoryKind.MODEL, project, name, place, headers);
  }

  @HEAD
  @Path(MODEL)
  @Uncompressed
  public RestResponse<?> headModelFile(
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Context HttpHeaders headers) {
    return delivery.head(RepositoryKind.MODEL, project, name, place, headers);
  }

  @GET
  @Path(DATASET)
  @Uncompressed
  public RestResponse<?> getDatasetFile(
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Context HttpHeaders headers) {
    return delivery.get(RepositoryKind.DATASET, project, name, place, headers);
  }

  @HEAD
  @Path(DATASET)
  @Uncompressed
  public RestResponse<?> headDatasetFile(
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Context HttpHeaders headers) {
    return delivery.head(RepositoryKind.DATASET, project, name, place, headers);
  }
}
