package org.cairn.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;

/** What clients ask the Hub as a whole. */
@Path("/api")
@RunOnVirtualThread
class HubServiceResource {

  /** There are no accounts, so nobody is anybody. */
  @GET
  @Path("whoami-v2")
  public void whoAmI(@Context HttpHeaders headers) {
    throw new HubException(
        401,
        headers.getHeaderString(HttpHeaders.AUTHORIZATION) == null
            ? "Invalid username or password."
            : "Invalid credentials in Authorization header");
  }

  /** Every process of huggingface_hub asks for this first, and asks again after a 404. */
  @GET
  @Path("agent-harnesses")
  public ObjectNode listAgentHarnesses() {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("standardEnvVars");
    answer.putObject("harnesses");
    return answer;
  }

  @GET
  @Path("{kind: models|datasets}-tags-by-type")
  public ObjectNode listTags() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Kinds of repositories that are not here. */
  @GET
  @Path("{kind: spaces|kernels}/{rest: .+}")
  public void getOtherRepository() {
    throw HubException.repositoryNotFound();
  }
}
