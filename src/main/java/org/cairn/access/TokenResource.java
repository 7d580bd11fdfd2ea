package org.cairn.access;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.api.PageView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Without Idempotency-Key: what is kept under one would hold the secret. */
@Path("/v1/tokens")
@Tag(name = "Tokens")
@RunOnVirtualThread
@Admits(Rule.ADMINISTRATORS)
class TokenResource {

  private final TokenService service;

  TokenResource(TokenService service) {
    this.service = service;
  }

  @POST
  @Operation(
      summary = "Make a token",
      description = "The answer has its secret, which is shown this once. For administrators.")
  public RestResponse<TokenView> createToken(@Valid @NotNull CreateTokenRequest request) {
    var token = service.create(request);
    return ResponseBuilder.<TokenView>created(URI.create("/v1/tokens/" + token.name()))
        .entity(token)
        .header("Cache-Control", "no-store")
        .build();
  }

  @GET
  @Operation(
      summary = "List tokens, newest first, with those that were revoked",
      description = "For administrators.")
  public PageView<TokenView> listTokens(
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("50") @Min(1) @Max(500) int pageSize) {
    return service.list(pageToken, pageSize);
  }

  @DELETE
  @Path("/{name}")
  @Operation(
      summary = "Revoke a token",
      description =
          "At once where the request arrives, within seconds on other replicas. For administrators.")
  public RestResponse<Void> revokeToken(@RestPath String name) {
    service.revoke(name);
    return RestResponse.noContent();
  }
}
