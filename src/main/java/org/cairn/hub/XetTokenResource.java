package org.cairn.hub;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.xet.XetSession;
import org.cairn.xet.XetTokens;
import org.jboss.resteasy.reactive.RestPath;

/** Where clients send the pieces of files. */
@Path("/api")
@RunOnVirtualThread
class XetTokenResource {

  /** Clients ask for another token before this is over, and go on with the address they have. */
  private static final Duration LIFE = Duration.ofDays(1);

  private final Repositories repositories;
  private final XetTokens tokens;
  private final Clock clock;

  XetTokenResource(Repositories repositories, XetTokens tokens, Clock clock) {
    this.repositories = repositories;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** The revision need not be there yet: whether it can be written is said by preupload. */
  @GET
  @Path("{kind: models|datasets}/{project}/{name}/xet-write-token/{revision: .+}")
  @Admits(Rule.WRITERS)
  public XetToken getXetWriteToken(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @Context UriInfo uri,
      @Context HttpHeaders headers) {
    var _ = repositories.repository(kind, project, name);
    var end = clock.instant().plus(LIFE);
    return new XetToken(
        tokens.issue(end),
        end.getEpochSecond(),
        PageLink.base(uri.getRequestUri(), headers::getHeaderString) + XetSession.open());
  }

  /**
   * What clients read.
   *
   * @param exp when clients ask for another one, in seconds since 1970
   * @param casUrl where to send what
   */
  record XetToken(String accessToken, long exp, String casUrl) {}
}
