package org.cairn.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.access.Access;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;

/** What clients ask the Hub as a whole. */
@Path("/api")
@RunOnVirtualThread
class HubServiceResource {

  private final Access access;

  HubServiceResource(Access access) {
    this.access = access;
  }

  /** A token is somebody here; there are no other accounts. */
  @GET
  @Path("whoami-v2")
  @Admits(Rule.EVERYBODY)
  public ObjectNode whoAmI(@Context HttpHeaders headers) {
    var name =
        access
            .name()
            .orElseThrow(() ->
                new HubException(
                    401,
                    headers.getHeaderString(HttpHeaders.AUTHORIZATION) == null
                        ? "Invalid username or password."
                        : HubErrorDelivery.INVALID_TOKEN));
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("type", "user").put("id", name).put("name", name).put("fullname", name);
    answer
        .put("isPro", false)
        .put("canPay", false)
        .putNull("periodEnd")
        .put("emailVerified", false);
    answer.putArray("orgs");
    answer
        .putObject("auth")
        .put("type", "access_token")
        .putObject("accessToken")
        .put("displayName", name)
        .put("role", access.isWriterOfAnything() ? "write" : "read");
    return answer;
  }

  /** Every process of huggingface_hub asks for this first, and asks again after a 404. */
  @GET
  @Path("agent-harnesses")
  @Admits(Rule.EVERYBODY)
  public ObjectNode listAgentHarnesses() {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("standardEnvVars");
    answer.putObject("harnesses");
    return answer;
  }

  @GET
  @Path("{kind: models|datasets}-tags-by-type")
  @Admits(Rule.EVERYBODY)
  public ObjectNode listTags() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Kinds of repositories that are not here. */
  @GET
  @Path("{kind: spaces|kernels}/{rest: .+}")
  @Admits(Rule.EVERYBODY)
  public void getOtherRepository() {
    throw HubException.repositoryNotFound();
  }
}
