package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Branches and tags: checkpoints and their other labels. */
@Path("/api")
@RunOnVirtualThread
class ReferenceResource {

  private static final String REPOSITORY = "{kind: models|datasets}/{project}/{name}";

  private final Repositories repositories;

  ReferenceResource(Repositories repositories) {
    this.repositories = repositories;
  }

  /**
   * Where a branch is to begin.
   *
   * @param startingPoint a revision; only what main is, as what a client takes for a copy of it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record BranchRequest(@Nullable String startingPoint) {}

  /**
   * A step begins without files, wherever the client would have it begin: if nobody then brought
   * its weights, it would serve those of another step.
   */
  @POST
  @Path(REPOSITORY + "/branch/{place: .+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, Object> createBranch(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Nullable BranchRequest request) {
    var repository = repositories.repository(kind, project, name);
    var branch = RevisionAddress.whole(place);
    if (place.startsWith("refs")) {
      throw new HubException(400, "The name of a branch does not begin with refs");
    }
    var start = request == null ? null : request.startingPoint();
    if (start != null && !start.equals(RepositorySource.MAIN)) {
      throw new HubException(
          403, "A checkpoint begins without files and not as a copy of " + start);
    }
    repositories.branches(repository).create(repository, branch);
    return Map.of();
  }

  @DELETE
  @Path(REPOSITORY + "/branch/{place: .+}")
  public Map<String, Object> deleteBranch(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place) {
    var repository = repositories.repository(kind, project, name);
    repositories.branches(repository).delete(repository, RevisionAddress.whole(place));
    return Map.of();
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record TagRequest(@NotNull String tag) {}

  @POST
  @Path(REPOSITORY + "/tag/{place: .+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, Object> createTag(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @Valid @NotNull TagRequest request) {
    var repository = repositories.repository(kind, project, name);
    repositories
        .branches(repository)
        .tag(repository, repositories.revision(repository, place), request.tag());
    return Map.of();
  }

  @DELETE
  @Path(REPOSITORY + "/tag/{place: .+}")
  public Map<String, Object> deleteTag(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place) {
    var repository = repositories.repository(kind, project, name);
    repositories.branches(repository).untag(repository, RevisionAddress.whole(place));
    return Map.of();
  }

  @POST
  @Path(REPOSITORY + "/super-squash/{place: .+}")
  @Consumes(MediaType.WILDCARD)
  public void squash() {
    throw new HubException(403, "History is immutable here");
  }
}
