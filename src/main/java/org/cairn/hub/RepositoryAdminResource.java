package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.cairn.access.Access;
import org.cairn.access.Thing;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Repositories as a whole: they are made, hidden, shown and taken away. */
@Path("/api")
@RunOnVirtualThread
class RepositoryAdminResource {

  private final Repositories repositories;
  private final RepositoryAdmin admin;
  private final Access access;
  private final ObjectMapper json;

  RepositoryAdminResource(
      Repositories repositories, RepositoryAdmin admin, Access access, ObjectMapper json) {
    this.repositories = repositories;
    this.admin = admin;
    this.access = access;
    this.json = json;
  }

  /**
   * Names a repository.
   *
   * @param type model where it is left out
   * @param visibility of a new one; of older clients {@code isPrivate}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record RepositoryRequest(
      @NotNull String name,
      @Nullable String organization,
      @JsonAlias("repoType") @Nullable String type,
      @Nullable String visibility,
      @JsonProperty("private") @Nullable Boolean isPrivate) {

    boolean hidden() {
      return Boolean.TRUE.equals(isHidden(visibility, isPrivate));
    }
  }

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record RepositoryAddress(String url, String name, String id, String error) {}

  /** Null where nothing is said of it. */
  private static @Nullable Boolean isHidden(
      @Nullable String visibility, @Nullable Boolean isPrivate) {
    return switch (visibility) {
      case null -> isPrivate;
      case "public" -> false;
      case "private" -> true;
      default -> throw new HubException(400, "visibility: can be public or private");
    };
  }

  @POST
  @Path("repos/create")
  @Admits(Rule.ITS_OWN_CHECK)
  @Consumes(MediaType.APPLICATION_JSON)
  public RestResponse<RepositoryAddress> createRepository(
      @Valid @NotNull RepositoryRequest request,
      @Context UriInfo uri,
      @Context HttpHeaders headers) {
    var name = name(request);
    access.requireWriter(name.project());
    boolean made = admin.create(kind(request.type()), name, request.hidden());
    var repository = repositories.repository(kind(request.type()), name.project(), name.name());
    return ResponseBuilder.create(
            made ? RestResponse.Status.OK : RestResponse.Status.CONFLICT,
            new RepositoryAddress(
                PageLink.base(uri.getRequestUri(), headers::getHeaderString)
                    + "/"
                    + repository.path(),
                repository.id(),
                repository.memberId().toString(),
                made ? "" : "You already created this repo"))
        .build();
  }

  @DELETE
  @Path("repos/delete")
  @Admits(Rule.ITS_OWN_CHECK)
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, Object> deleteRepository(@Valid @NotNull RepositoryRequest request) {
    var name = name(request);
    var kind = kind(request.type());
    access.requireWriter(
        kind == RepositoryKind.MODEL
            ? Thing.run(name.project(), name.name())
            : Thing.dataset(name.project(), name.name()));
    admin.delete(repositories.repository(kind, name.project(), name.name()));
    return Map.of();
  }

  @POST
  @Path("repos/move")
  @Admits(Rule.ITS_OWN_CHECK)
  @Consumes(MediaType.WILDCARD)
  public void moveRepository() {
    throw new HubException(403, "Names are for ever: addresses that were handed out hold them");
  }

  /** What clients may want a repository to be; nobody has to be asked for what they may read. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Settings(
      @Nullable String visibility,
      @JsonProperty("private") @Nullable Boolean isPrivate,
      @Nullable JsonNode gated) {}

  @PUT
  @Path("{kind: models|datasets}/{project}/{name}/settings")
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, Object> changeSettings(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @Valid @NotNull Settings settings) {
    var repository = repositories.repository(kind, project, name);
    if (settings.gated() != null && settings.gated().isTextual()) {
      throw new HubException(403, "Repositories are public or private here, and not gated");
    }
    var hidden = isHidden(settings.visibility(), settings.isPrivate());
    if (hidden != null) {
      admin.hide(repository, hidden);
    }
    return Map.of();
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record CardRequest(@NotNull String content) {}

  /** What is wrong with a card; a list of its own, as clients look into nothing else. */
  record CardAnswer(List<CardFault> errors, List<CardFault> warnings) {}

  record CardFault(String message) {}

  /** Clients that ask for a text read JSON. */
  @POST
  @Path("validate-yaml")
  @Admits(Rule.EVERYBODY)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  public RestResponse<String> validateCard(@Valid @NotNull CardRequest request)
      throws JsonProcessingException {
    var errors = Card.faults(request.content()).stream().map(CardFault::new).toList();
    return ResponseBuilder.create(
            errors.isEmpty() ? RestResponse.Status.OK : RestResponse.Status.BAD_REQUEST,
            json.writeValueAsString(new CardAnswer(errors, List.of())))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  private static RepositoryKind kind(@Nullable String type) {
    return switch (type == null ? "model" : type) {
      case "model" -> RepositoryKind.MODEL;
      case "dataset" -> RepositoryKind.DATASET;
      default -> throw new HubException(400, "type: can be model or dataset");
    };
  }

  /** There are no accounts, so that a name alone says nothing. */
  private static RepositoryAdmin.Name name(RepositoryRequest request) {
    var slash = request.name().indexOf('/');
    if (slash > 0) {
      return new RepositoryAdmin.Name(
          request.name().substring(0, slash), request.name().substring(slash + 1));
    }
    if (request.organization() == null) {
      throw new HubException(
          400, "Say in which project the repository is: {project}/" + request.name());
    }
    return new RepositoryAdmin.Name(request.organization(), request.name());
  }
}
