package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** What is in repositories, and which revisions they have. */
@Path("/api")
@RunOnVirtualThread
class RepositoryResource {

  private static final String REPOSITORY = "{kind: models|datasets}/{project}/{name}";

  /** Most entries of a page. */
  private static final int PAGE = 1_000;

  private final Repositories repositories;
  private final RepositoryInfo infos;
  private final JsonDelivery json;

  RepositoryResource(Repositories repositories, RepositoryInfo infos, JsonDelivery json) {
    this.repositories = repositories;
    this.infos = infos;
    this.json = json;
  }

  @GET
  @Path(REPOSITORY)
  public RestResponse<?> getRepository(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestQuery @Nullable String blobs,
      @RestQuery @Nullable List<String> expand,
      @RestQuery("expand[]") @Nullable List<String> expandMany) {
    var repository = repositories.repository(kind, project, name);
    var wanted = new Wanted(blobs, expand, expandMany);
    return Drafts.read(() -> info(repositories.main(repository), wanted));
  }

  @GET
  @Path(REPOSITORY + "/revision/{place: .+}")
  public RestResponse<?> getRevision(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @RestQuery @Nullable String blobs,
      @RestQuery @Nullable List<String> expand,
      @RestQuery("expand[]") @Nullable List<String> expandMany) {
    var repository = repositories.repository(kind, project, name);
    var wanted = new Wanted(blobs, expand, expandMany);
    return Drafts.read(() -> {
      try {
        return info(repositories.revision(repository, place), wanted);
      } catch (HubException e) {
        // huggingface_hub 0.30 to 0.35 ask this, and only this, of a branch that they commit to
        // next.
        if (!wanted.isOnly("xetEnabled")) {
          throw e;
        }
        var branch =
            repositories.branches(repository).find(repository, RevisionAddress.whole(place));
        return info(branch.revision(), wanted);
      }
    });
  }

  @GET
  @Path(REPOSITORY + "/tree/{place: .+}")
  public RestResponse<?> listTree(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @RestQuery @Nullable String recursive,
      @RestQuery @Nullable String expand,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor,
      @Context UriInfo uri,
      @Context HttpHeaders headers) {
    var repository = repositories.repository(kind, project, name);
    var listing =
        Drafts.read(() -> {
          var found = repositories.place(repository, place);
          return FolderListing.read(
              found.revision(),
              found.path(),
              Flags.isSet(recursive),
              Flags.isSet(expand),
              cursor,
              Flags.limit(limit, PAGE));
        });
    var answer = ResponseBuilder.ok((Object) listing.entries());
    if (listing.cursor() != null) {
      answer.header(
          HttpHeaders.LINK,
          PageLink.next(uri.getRequestUri(), headers::getHeaderString, listing.cursor()));
    }
    return answer.build();
  }

  @POST
  @Path(REPOSITORY + "/paths-info/{place: .+}")
  @Admits(Rule.READERS)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public List<EntryView> findPaths(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      InputStream body) {
    var form = PathsForm.read(body);
    return paths(kind, project, name, place, form.paths(), form.expand());
  }

  /** What JavaScript sends. */
  record PathsRequest(
      @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable List<@NotNull String> paths,
      @Nullable Boolean expand) {}

  @POST
  @Path(REPOSITORY + "/paths-info/{place: .+}")
  @Admits(Rule.READERS)
  @Consumes(MediaType.APPLICATION_JSON)
  public List<EntryView> findPathsOfJson(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Valid @NotNull PathsRequest request) {
    return paths(
        kind, project, name, place, request.paths(), Boolean.TRUE.equals(request.expand()));
  }

  private List<EntryView> paths(
      String kind,
      String project,
      String name,
      String place,
      @Nullable List<String> paths,
      boolean expand) {
    var repository = repositories.repository(kind, project, name);
    var asked = Objects.requireNonNullElse(paths, List.<String>of());
    return Drafts.read(
        () -> PathsListing.read(repositories.revision(repository, place), asked, expand));
  }

  @GET
  @Path(REPOSITORY + "/refs")
  public RestResponse<?> listRefs(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestQuery("include_prs") @Nullable String pullRequests) {
    var refs = repositories.refs(repositories.repository(kind, project, name));
    return json.get(out -> RefsWriter.write(out, refs, Flags.isSet(pullRequests)));
  }

  /** The commit that a revision is; what came before it is other branches. */
  @GET
  @Path(REPOSITORY + "/commits/{place: .+}")
  public RestResponse<?> listCommits(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @RestQuery @Nullable String p) {
    var repository = repositories.repository(kind, project, name);
    var commits = List.of(CommitView.of(repositories.revision(repository, place)));
    return ResponseBuilder.ok((Object) (p == null || p.equals("0") ? commits : List.of()))
        .header("X-Total-Count", commits.size())
        .build();
  }

  @GET
  @Path(REPOSITORY + "/auth-check")
  public Map<String, Object> checkAccess(
      @RestPath String kind, @RestPath String project, @RestPath String name) {
    repositories.repository(kind, project, name);
    return Map.of();
  }

  /**
   * Refused, not empty: of an empty list, transformers concludes that it should ask a service
   * outside to convert the model, and tells it the model's name and a token.
   */
  @GET
  @Path(REPOSITORY + "/discussions{rest: .*}")
  public void listDiscussions() {
    throw new HubException(403, "There are no discussions here");
  }

  @POST
  @Path(REPOSITORY + "/discussions{rest: .*}")
  public void createDiscussion() {
    throw new HubException(403, "Pull requests are not supported");
  }

  private RestResponse<?> info(Revision revision, Wanted wanted) {
    var info = infos.read(revision, wanted);
    return json.get(out -> RepositoryWriter.write(out, info));
  }
}
