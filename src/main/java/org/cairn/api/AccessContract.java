package org.cairn.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Says in the contract how to bring a token, and what is answered to who brings none. */
final class AccessContract {

  private static final String SCHEME = "bearer";
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private AccessContract() {}

  static void describe(OpenAPI openApi) {
    openApi
        .getComponents()
        .addSecurityScheme(
            SCHEME,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("A token, as POST /v1/tokens makes them: hf_..."))
        .addResponse(
            "Unauthenticated",
            refusal(
                "It needs a token, or that which came is not valid",
                ProblemType.UNAUTHENTICATED,
                "This needs a token, sent as Authorization: Bearer"))
        .addResponse(
            "Forbidden",
            refusal(
                "The token may not do this",
                ProblemType.FORBIDDEN,
                "This token is not writer of the project EleutherAI"));
    // Either: what is public may be open to everybody.
    openApi.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(SCHEME));
    openApi.addSecurityRequirement(OASFactory.createSecurityRequirement());
    if (openApi.getPaths() == null || openApi.getPaths().getPathItems() == null) {
      return;
    }
    for (var path : openApi.getPaths().getPathItems().values()) {
      path.getOperations()
          .forEach((method, operation) -> {
            var responses = operation.getResponses();
            responses.addAPIResponse("401", reference("Unauthenticated"));
            if (!SAFE.contains(method)) {
              responses.addAPIResponse("403", reference("Forbidden"));
            }
          });
    }
  }

  private static APIResponse reference(String response) {
    return OASFactory.createAPIResponse().ref("#/components/responses/" + response);
  }

  private static APIResponse refusal(String description, ProblemType type, String detail) {
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("type", type.uri().toString());
    example.put("title", type.status().getReasonPhrase());
    example.put("status", type.status().getStatusCode());
    example.put("detail", detail);
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))
                        .example(example)));
  }
}
