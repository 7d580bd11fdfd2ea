package org.cairn.hub;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.cairn.access.Access;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageToken;
import org.cairn.platform.JsonLimits;
import org.cairn.project.MemberFilter;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** All repositories of a kind, newest first. */
@Path("/api")
@RunOnVirtualThread
class RepositoryListResource {

  /** Most repositories of a page. */
  private static final int PAGE = 500;

  /** Most words or tags of one question. */
  private static final int TERMS = 20;

  private final Repositories repositories;
  private final Access access;
  private final JsonDelivery json;

  RepositoryListResource(Repositories repositories, Access access, JsonDelivery json) {
    this.repositories = repositories;
    this.access = access;
    this.json = json;
  }

  @GET
  @Path("{kind: models|datasets}")
  @Admits(Rule.READERS)
  public RestResponse<?> listRepositories(
      @RestPath String kind,
      @RestQuery @Nullable List<String> search,
      @RestQuery @Nullable String author,
      @RestQuery @Nullable List<String> filter,
      @RestQuery("pipeline_tag") @Nullable String pipelineTag,
      @RestQuery @Nullable String sort,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor,
      @Context UriInfo uri,
      @Context HttpHeaders headers) {
    var known = RepositoryKind.of(kind).orElseThrow(HubException::repositoryNotFound);
    var tags = new ArrayList<>(terms(filter));
    if (pipelineTag != null) {
      tags.addAll(terms(List.of(pipelineTag)));
    }
    boolean changed = "lastModified".equals(sort) || "last_modified".equals(sort);
    int size = Flags.limit(limit, PAGE);
    var token = PageToken.parse(cursor, 2);
    var rows =
        repositories.list(
            known,
            new MemberFilter(
                access.scope(),
                terms(search),
                author,
                tags,
                changed,
                token == null ? null : new MemberFilter.After(token.time(0), token.id(1)),
                size + 1));
    var shown = rows.size() > size ? rows.subList(0, size) : rows;
    RestResponse<?> answer =
        json.get(out -> {
          out.writeStartArray();
          for (var repository : shown) {
            RepositoryWriter.write(out, repository);
          }
          out.writeEndArray();
        });
    if (rows.size() > size) {
      var last = shown.getLast().card();
      var next = PageToken.of(changed ? last.updatedAt() : last.createdAt(), last.id());
      answer
          .getHeaders()
          .putSingle(
              HttpHeaders.LINK,
              PageLink.next(uri.getRequestUri(), headers::getHeaderString, next.toString()));
    }
    return answer;
  }

  private static List<String> terms(@Nullable List<String> given) {
    var terms =
        Objects.requireNonNullElse(given, List.<String>of()).stream()
            .filter(term -> !term.isEmpty())
            .toList();
    if (terms.size() > TERMS || terms.stream().anyMatch(RepositoryListResource::isBad)) {
      throw new HubException(400, "At most " + TERMS + " words of at most 200 characters");
    }
    return terms;
  }

  private static boolean isBad(String term) {
    return term.length() > 200 || !JsonLimits.faultOfText(term).isEmpty();
  }
}
