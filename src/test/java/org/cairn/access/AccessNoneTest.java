package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.access.Callers.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Where whoever has no token does nothing. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Callers.Closed.class)
class AccessNoneTest {

  @Test
  void everyTokenReadsWhatIsPublicAndNobodyElseReadsAnything() throws Exception {
    var project = Api.unique("open");
    Callers.asAdministrator(() -> {
      Given.post("/v1/projects", "{\"name\":\"%s\"}".formatted(project)).statusCode(201);
      Given.run(project, "run", "");
    });
    var token = Callers.with("reader", "elsewhere");
    for (var path :
        List.of(
            "/v1/projects",
            "/v1/projects/" + project,
            "/v1/projects/" + project + "/runs/run",
            "/api/models",
            "/api/models/" + project + "/run")) {
      assertThat(as("").get(path).statusCode()).as(path).isEqualTo(401);
      assertThat(as(token).get(path).statusCode()).as(path).isEqualTo(200);
    }
    // What is not there is not told from what is.
    assertThat(as("").get("/v1/projects/" + project + "x").statusCode()).isEqualTo(401);
    as("").get("/q/openapi").then().statusCode(200);
    as("").get("/api/agent-harnesses").then().statusCode(200);
  }
}
