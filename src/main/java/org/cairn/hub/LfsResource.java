package org.cairn.hub;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.artifact.DirectUploads;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** The batch protocol of Git LFS: where clients are to send the bytes of files. */
@Path("/")
@RunOnVirtualThread
class LfsResource {

  private static final String JSON = "application/vnd.git-lfs+json";
  private static final String BATCH = "{project}/{name: [^/]+}.git/info/lfs/objects/batch";

  /** Largest request, in bytes: some thousand objects. */
  private static final int REQUEST_MAX = 1 << 20;

  private final Repositories repositories;
  private final LfsBatches batches;
  private final DirectUploads uploads;

  LfsResource(Repositories repositories, LfsBatches batches, DirectUploads uploads) {
    this.repositories = repositories;
    this.batches = batches;
    this.uploads = uploads;
  }

  @POST
  @Path(BATCH)
  @Consumes(MediaType.WILDCARD)
  @Produces({MediaType.APPLICATION_JSON, JSON})
  public RestResponse<LfsBatches.Answer> batchOfModel(
      @RestPath String project,
      @RestPath String name,
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      InputStream body)
      throws IOException {
    return batch(RepositoryKind.MODEL, project, name, uri, headers, body);
  }

  @POST
  @Path("datasets/" + BATCH)
  @Consumes(MediaType.WILDCARD)
  @Produces({MediaType.APPLICATION_JSON, JSON})
  public RestResponse<LfsBatches.Answer> batchOfDataset(
      @RestPath String project,
      @RestPath String name,
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      InputStream body)
      throws IOException {
    return batch(RepositoryKind.DATASET, project, name, uri, headers, body);
  }

  private RestResponse<LfsBatches.Answer> batch(
      RepositoryKind kind,
      String project,
      String name,
      UriInfo uri,
      HttpHeaders headers,
      InputStream body)
      throws IOException {
    repositories.repository(kind, project, name);
    var bytes = body.readNBytes(REQUEST_MAX + 1);
    if (bytes.length > REQUEST_MAX) {
      throw new HubException(413, "A batch has at most " + REQUEST_MAX + " bytes");
    }
    var base = PageLink.base(uri.getRequestUri(), headers::getHeaderString);
    // Not every client takes the type that it asks for to be JSON.
    return ResponseBuilder.ok(batches.answer(bytes, URI.create(base)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  /** All parts were sent, which is looked at: who says so too early changes nothing. */
  @POST
  @Path("lfs/uploads/{id}/{what: complete|verify}")
  @Admits(Rule.EVERYBODY)
  @Consumes(MediaType.WILDCARD)
  @Produces({MediaType.APPLICATION_JSON, JSON})
  public RestResponse<Map<String, Object>> finishUpload(@RestPath UUID id) {
    uploads.complete(id);
    return ResponseBuilder.ok(Map.<String, Object>of())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
