package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cairn.access.Callers;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may write through the Hub's protocol, where whoever has no token reads. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Callers.OpenToRead.class)
class HubWriteAccessTest {

  private String project;
  private String writer;
  private String reader;
  private String foreign;

  @BeforeEach
  void makeRepositories() {
    project = Api.unique("hub");
    writer = token("writer", project);
    reader = token("reader", project);
    foreign = token("writer", Api.unique("elsewhere"));
    // The project is not there: its writer makes it.
    create(foreign, Map.of("name", project + "/open")).statusCode(403);
    create("", Map.of("name", project + "/open")).statusCode(401);
    create(writer, Map.of("name", project + "/open")).statusCode(200);
    create(writer, Map.of("name", project + "/closed", "private", true)).statusCode(200);
  }

  private static String token(String role, String project) {
    return Callers.token(
        "\"grants\":[{\"project\":\"%s\",\"role\":\"%s\"}]".formatted(project, role));
  }

  private static ValidatableResponse create(String token, Map<String, ?> body) {
    return send(token, "POST", "/api/repos/create", body);
  }

  private static ValidatableResponse send(
      String token, String method, String path, Map<String, ?> body) {
    return Callers.as(token)
        .contentType("application/json")
        .body(body)
        .request(method, path)
        .then();
  }

  private ValidatableResponse commit(String token, String repository, String text) {
    return Callers.as(token)
        .contentType("application/x-ndjson")
        .body(
            (Writer.header() + "\n" + Writer.file("a.txt", text) + "\n")
                .getBytes(StandardCharsets.UTF_8))
        .post("/api/models/" + project + "/" + repository + "/commit/step1")
        .then();
  }

  private int read(String token, String repository) {
    return Callers.as(token)
        .get("/api/models/" + project + "/" + repository + "/revision/step1")
        .statusCode();
  }

  @Test
  void whatChangesARepositoryIsForItsWriters() {
    for (var repository : List.of("open", "closed")) {
      int elsewhere = repository.equals("open") ? 403 : 404;
      commit(writer, repository, "one").statusCode(200);
      commit("", repository, "two").statusCode(401);
      commit(reader, repository, "two")
          .statusCode(403)
          .header("X-Error-Message", containsString("writer of the project"));
      commit(foreign, repository, "two").statusCode(elsewhere);
      var text = Callers.as(reader).get("/" + project + "/" + repository + "/resolve/step1/a.txt");
      assertThat(text.statusCode()).isIn(200, 302, 307);
      var api = "/api/models/" + project + "/" + repository;
      var batch = "/" + project + "/" + repository + ".git/info/lfs/objects/batch";
      var files = Map.of("files", List.of(Map.of("path", "a", "size", 3)));
      for (var caller : List.of("", reader, foreign)) {
        int expected = caller.isEmpty() ? 401 : caller.equals(reader) ? 403 : elsewhere;
        send(caller, "POST", api + "/preupload/step1", files).statusCode(expected);
        send(caller, "POST", batch, Map.of("operation", "upload")).statusCode(expected);
        send(caller, "POST", api + "/branch/step2", Map.of()).statusCode(expected);
        send(caller, "POST", api + "/tag/step1", Map.of("tag", "v1")).statusCode(expected);
        send(caller, "DELETE", api + "/branch/step1", Map.of()).statusCode(expected);
        send(caller, "PUT", api + "/settings", Map.of("private", false)).statusCode(expected);
        Callers.as(caller).get(api + "/xet-write-token/step1").then().statusCode(expected);
        send(caller, "DELETE", "/api/repos/delete", Map.of("name", project + "/" + repository))
            .statusCode(expected);
      }
      Callers.as(writer).get(api + "/xet-write-token/step1").then().statusCode(200);
      Callers.as(reader)
          .get(api + "/refs")
          .then()
          .body("branches.name", equalTo(List.of("main", "step1")));
    }
  }

  @Test
  void aWriterHidesARepositoryAndShowsItAgain() {
    commit(writer, "open", "one").statusCode(200);
    var settings = "/api/models/" + project + "/open/settings";
    for (var hidden : List.of(true, false)) {
      send(writer, "PUT", settings, Map.of("private", hidden)).statusCode(200);
      assertThat(read("", "open")).isEqualTo(hidden ? 401 : 200);
      assertThat(read(foreign, "open")).isEqualTo(hidden ? 404 : 200);
      assertThat(read(reader, "open")).isEqualTo(200);
    }
    create(writer, Map.of("name", project + "/data", "type", "dataset", "visibility", "private"))
        .statusCode(200);
    var data = "/api/datasets/" + project + "/data";
    Callers.as("").get(data).then().statusCode(401).header("X-Error-Code", "RepoNotFound");
    Callers.as(reader).get(data).then().statusCode(200).body("private", equalTo(true));
    send(writer, "PUT", data + "/settings", Map.of("visibility", "public")).statusCode(200);
    Callers.as("").get(data).then().statusCode(200).body("private", equalTo(false));
  }

  @Test
  void whoMakesWhatIsThereIsToldSoOnlyIfTheyMayWriteIt() {
    create(writer, Map.of("name", project + "/closed")).statusCode(409);
    create(reader, Map.of("name", project + "/closed")).statusCode(403);
    create(foreign, Map.of("name", project + "/closed")).statusCode(403);
    create("", Map.of("name", project + "/closed")).statusCode(401);
  }
}
