package org.cairn.hub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.plain;
import static org.cairn.hub.Writer.file;
import static org.cairn.hub.Writer.header;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Repositories, branches and tags, as clients of the Hub make and take them away. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubAdminTest {

  private static ValidatableResponse send(String method, String path, Map<String, ?> body) {
    return given()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON)
        .body(body)
        .request(method, path)
        .then();
  }

  private static ValidatableResponse create(String project, String name) {
    return send("POST", "/api/repos/create", Map.of("name", name, "organization", project));
  }

  @Test
  void aRepositoryIsMadeOnceWithItsProject() {
    var project = "p-" + UUID.randomUUID();
    create(project, "run").statusCode(200).body("url", endsWith("/" + project + "/run"));
    create(project, "run")
        .statusCode(409)
        .body("url", endsWith("/" + project + "/run"))
        .body("error", containsString("already"));
    given().get("/v1/projects/" + project + "/runs/run").then().statusCode(200);
    send("POST", "/api/repos/create", Map.of("name", project + "/data", "type", "dataset"))
        .statusCode(200)
        .body("url", endsWith("/datasets/" + project + "/data"));
    send("DELETE", "/api/repos/delete", Map.of("name", project + "/data", "type", "dataset"))
        .statusCode(200);
    send("DELETE", "/api/repos/delete", Map.of("name", project + "/data", "type", "dataset"))
        .statusCode(401)
        .header("X-Error-Code", equalTo("RepoNotFound"));
  }

  @Test
  void whatARepositoryCannotBeIsRefused() {
    for (var body :
        List.of(
            Map.of("name", "run"),
            Map.of("name", "api/run"),
            Map.of("name", "a--b/run"),
            Map.of("name", "p/run", "type", "space"),
            Map.of("organization", "p"))) {
      send("POST", "/api/repos/create", body).statusCode(400);
    }
    var project = "p-" + UUID.randomUUID();
    // Nobody could see it any more.
    var hidden = Map.of("name", project + "/run", "private", true);
    send("POST", "/api/repos/create", hidden).statusCode(401);
    send("POST", "/api/repos/create", Map.of("name", project + "/run", "visibility", "private"))
        .statusCode(401);
    send("POST", "/api/repos/create", Map.of("name", project + "/run", "visibility", "odd"))
        .statusCode(400);
    create(project, "run").statusCode(200);
    var settings = "/api/models/" + project + "/run/settings";
    send("PUT", settings, Map.of("private", true)).statusCode(401);
    send("PUT", settings, Map.of("gated", "auto")).statusCode(403);
    send("PUT", settings, Map.of("visibility", "public", "gated", false)).statusCode(200);
    send("POST", "/api/repos/move", Map.of("fromRepo", project + "/run", "toRepo", "p/q"))
        .statusCode(403);
    send("POST", "/api/models/" + project + "/run/super-squash/main", Map.of()).statusCode(403);
  }

  @Test
  void onlyARunOfDraftsIsTakenAway() {
    var writer = Writer.create();
    writer.committed("step1", header(), file("a.txt", "a"));
    writer.committed("main", header(), file("README.md", "a"));
    var name = Map.of("name", writer.repo().name(), "organization", writer.repo().project());
    writer.repo().seal("step1");
    send("DELETE", "/api/repos/delete", name)
        .statusCode(403)
        .body("error", containsString("sealed"));
    var other = Writer.create();
    other.committed("step1", header(), file("a.txt", "a"));
    other.committed("main", header(), file("README.md", "a"));
    send(
            "DELETE",
            "/api/repos/delete",
            Map.of("name", other.repo().project() + "/" + other.repo().name()))
        .statusCode(200);
    given().get(other.repo().run()).then().statusCode(404);
  }

  @Test
  void aBranchIsAStepAndBeginsWithoutFiles() {
    var writer = Writer.create();
    var api = writer.repo().api();
    writer.committed("main", header(), file("README.md", "a"));
    send("POST", api + "/branch/step5", Map.of()).statusCode(200);
    send("POST", api + "/branch/step5", Map.of())
        .statusCode(409)
        .body("error", equalTo("Reference refs/heads/step5 already exists"));
    send("POST", api + "/branch/main", Map.of()).statusCode(409);
    send("POST", api + "/branch/step6", Map.of("startingPoint", "main")).statusCode(200);
    send("POST", api + "/branch/step7", Map.of("startingPoint", "step5")).statusCode(403);
    send("POST", api + "/branch/experiment", Map.of()).statusCode(403);
    send("POST", api + "/branch/refs%2Fheads%2Fstep8", Map.of()).statusCode(400);
    plain()
        .get(api + "/refs")
        .then()
        .body("branches.name", equalTo(List.of("main", "step5", "step6")));
    plain().get(api + "/tree/step6").then().statusCode(200).body("", empty());
    plain().delete(api + "/branch/step6").then().statusCode(200);
    plain()
        .delete(api + "/branch/step6")
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("RevisionNotFound"));
    plain().delete(api + "/branch/main").then().statusCode(403);
    writer.committed("step5", header(), file("a.txt", "a"));
    writer.repo().seal("step5");
    plain().delete(api + "/branch/step5").then().statusCode(403);
  }

  @Test
  void aTagIsAnotherNameOfACheckpoint() {
    var writer = Writer.create();
    var api = writer.repo().api();
    writer.committed("step5", header(), file("a.txt", "a"));
    send("POST", api + "/tag/step5", Map.of("tag", "best")).statusCode(200);
    send("POST", api + "/tag/step5", Map.of("tag", "best")).statusCode(409);
    send("POST", api + "/tag/main", Map.of("tag", "rel/1.0", "message", "first")).statusCode(200);
    send("POST", api + "/tag/step6", Map.of("tag", "other"))
        .statusCode(404)
        .header("X-Error-Code", equalTo("RevisionNotFound"));
    plain().get(api + "/refs").then().body("tags.name", hasItem("best"));
    assertThat(writer.repo().commit("rel%2F1.0")).isEqualTo(writer.repo().commit("step5"));
    writer.commit("best", header(), file("b.txt", "b")).statusCode(404);
    plain().delete(api + "/tag/rel%2F1.0").then().statusCode(200);
    plain().delete(api + "/tag/rel%2F1.0").then().statusCode(404);
  }

  @Test
  void theYamlOfACardIsChecked() {
    send("POST", "/api/validate-yaml", Map.of("content", "---\nlicense: mit\n---\n# Title"))
        .statusCode(200)
        .body("errors", empty());
    given()
        .contentType(ContentType.JSON)
        .accept("text/plain")
        .body(Map.of("content", "---\na: [1\n---\n", "repoType", "model"))
        .post("/api/validate-yaml")
        .then()
        .statusCode(400)
        .contentType(ContentType.JSON)
        .body("errors", hasSize(1));
    for (var content : List.of("# Title", "---\n---\n", "")) {
      send("POST", "/api/validate-yaml", Map.of("content", content)).statusCode(200);
    }
    for (var content :
        List.of("---\na: [1\n---\n", "---\n- a\n---\n", "---\n" + "[".repeat(1_000) + "\n---\n")) {
      send("POST", "/api/validate-yaml", Map.of("content", content, "repoType", "model"))
          .statusCode(400)
          .body("errors[0].message", containsString("metadata"));
    }
  }
}
