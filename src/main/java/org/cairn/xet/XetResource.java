package org.cairn.xet;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.UUID;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.RegistryException;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the Xet protocol that an upload needs. Whatever else clients try first (grants,
 * version 2 of shards, chunks to leave out) has to be 404 and nothing else: only then do they go on
 * with these.
 */
@Path(XetSession.PATH + "/{session}")
@RunOnVirtualThread
@Admits(Rule.EVERYBODY)
class XetResource {

  private final XetStore xorbs;
  private final XetTokens tokens;

  XetResource(XetStore xorbs, XetTokens tokens) {
    this.xorbs = xorbs;
    this.tokens = tokens;
  }

  @POST
  @Path("v1/xorbs/default/{hash}")
  @Consumes(MediaType.WILDCARD)
  public XorbAnswer putXorb(
      @RestPath UUID session,
      @RestPath String hash,
      @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @RestHeader(HttpHeaders.CONTENT_LENGTH) @DefaultValue("-1") long length,
      InputStream body) {
    tokens.require(authorization);
    return new XorbAnswer(xorbs.putXorb(session, parse(hash), body, length));
  }

  @POST
  @Path("v1/shards")
  @Consumes(MediaType.WILDCARD)
  public ShardAnswer putShard(
      @RestPath UUID session,
      @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      InputStream body)
      throws InterruptedException {
    tokens.require(authorization);
    xorbs.putShard(session, body);
    return new ShardAnswer(1);
  }

  @GET
  @Path("{rest: .*}")
  public void get(@RestPath String rest) {
    throw nothing(rest);
  }

  @POST
  @Path("{rest: .*}")
  @Consumes(MediaType.WILDCARD)
  public void post(@RestPath String rest) {
    throw nothing(rest);
  }

  @PUT
  @Path("{rest: .*}")
  @Consumes(MediaType.WILDCARD)
  public void put(@RestPath String rest) {
    throw nothing(rest);
  }

  /** The field is called so by the protocol. */
  record XorbAnswer(@JsonProperty("was_inserted") boolean inserted) {}

  /**
   * Answers a shard.
   *
   * @param result 1: it was taken
   */
  record ShardAnswer(int result) {}

  private static XetHash parse(String hash) {
    try {
      return new XetHash(hash);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalid("hash", "is not 64 lower-case hexadecimal digits");
    }
  }

  private static RegistryException nothing(String rest) {
    return RegistryException.notFound("call", rest);
  }
}
