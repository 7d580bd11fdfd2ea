package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.access.Callers.ADMIN;
import static org.cairn.access.Callers.as;
import static org.cairn.access.Callers.with;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everybody who may ask, and everything that they may ask for. */
abstract class AccessMatrix {

  private static final List<String> RUNS = List.of("open/open", "open/closed", "shut/open");
  private static final List<String> CALLERS =
      List.of("anonymous", "foreign", "reader", "writer", "administrator");

  private Map<String, String> tokens;
  private String open;
  private String shut;

  /** What an anonymous caller gets who changes a public run, a private one, one that is not. */
  abstract List<Integer> anonymousWrites();

  /** What a token without a role gets that changes a public run. */
  abstract int foreignWrites();

  @BeforeEach
  void makeThings() throws Exception {
    open = Api.unique("open");
    shut = Api.unique("shut");
    Callers.asAdministrator(() -> {
      Given.post("/v1/projects", "{\"name\":\"%s\"}".formatted(open)).statusCode(201);
      Given.post("/v1/projects", "{\"name\":\"%s\",\"private\":true}".formatted(shut))
          .statusCode(201);
      for (var project : List.of(open, shut)) {
        var base = "/v1/projects/" + project;
        for (var kind : List.of("runs", "datasets")) {
          Given.post(base + "/" + kind, "{\"name\":\"open\"}").statusCode(201);
          Given.post(base + "/" + kind, "{\"name\":\"closed\",\"private\":true}").statusCode(201);
        }
        for (var run : List.of("open", "closed")) {
          var text = "text of " + project + run;
          Given.post(
                  base + "/runs/" + run + "/checkpoints",
                  "{\"step\":1,\"files\":[{\"path\":\"a.txt\",\"sha256\":\"%s\",\"size\":%d}]}"
                      .formatted(Given.artifact(text), text.length()))
              .statusCode(201);
        }
      }
    });
    tokens =
        Map.of(
            "anonymous",
            "",
            "foreign",
            with("writer", Api.unique("elsewhere")),
            "reader",
            both("reader"),
            "writer",
            both("writer"),
            "administrator",
            ADMIN);
  }

  private String both(String role) {
    return Callers.token(
        "\"grants\":[{\"project\":\"%s\",\"role\":\"%s\"},{\"project\":\"%s\",\"role\":\"%s\"}]"
            .formatted(open.toUpperCase(java.util.Locale.ROOT), role, shut, role));
  }

  private String token(String caller) {
    return Objects.requireNonNull(tokens.get(caller));
  }

  /** {@code open/closed} as the names of a project and of a run or dataset. */
  private String project(String place) {
    return place.startsWith("open/") ? open : shut;
  }

  private static String member(String place) {
    return place.substring(place.indexOf('/') + 1);
  }

  private static boolean sees(String caller, String place) {
    return place.equals("open/open")
        || List.of("reader", "writer", "administrator").contains(caller);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs", "datasets"})
  void whatIsPrivateIsReadByThoseWithARole(String kind) {
    for (var place : RUNS) {
      for (var caller : CALLERS) {
        var path = "/v1/projects/" + project(place) + "/" + kind + "/" + member(place);
        assertThat(as(token(caller)).get(path).statusCode())
            .as("%s reads %s", caller, place)
            .isEqualTo(sees(caller, place) ? 200 : 404);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs", "datasets"})
  void onlyWritersChangeThings(String kind) {
    var anonymous = anonymousWrites();
    for (var place : RUNS) {
      boolean isPublic = place.equals("open/open");
      var expected =
          Map.of(
              "anonymous",
              isPublic ? anonymous.get(0) : anonymous.get(1),
              "foreign",
              isPublic ? foreignWrites() : 404,
              "reader",
              isPublic ? foreignWrites() : 403,
              "writer",
              200,
              "administrator",
              200);
      for (var caller : CALLERS) {
        var path = "/v1/projects/" + project(place) + "/" + kind + "/" + member(place);
        var answer = patch(caller, path, "{\"title\":\"x\"}");
        assertThat(answer.statusCode())
            .as("%s writes %s", caller, place)
            .isEqualTo(expected.get(caller));
        if (answer.statusCode() == 401) {
          assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
          Api.refused(answer, 401, "unauthenticated");
        }
        if (answer.statusCode() == 403) {
          Api.refused(answer, 403, "forbidden");
          assertThat(answer.<String>path("detail")).contains("writer of the project");
        }
      }
    }
    var absent = "/v1/projects/" + open + "/" + kind + "/absent";
    assertThat(patch("anonymous", absent, "{\"title\":\"x\"}").statusCode())
        .isEqualTo(anonymous.get(2));
    assertThat(patch("foreign", absent, "{\"title\":\"x\"}").statusCode()).isEqualTo(404);
  }

  private Response patch(String caller, String path, String body) {
    return as(token(caller))
        .contentType(ContentType.JSON)
        .header("If-Match", "*")
        .body(body)
        .patch(path);
  }

  @Test
  void theHubAnswersAsItsClientsExpect() {
    for (var place : RUNS) {
      var run = project(place) + "/" + member(place);
      for (var caller : CALLERS) {
        for (var path :
            List.of("/api/models/" + run, "/api/datasets/" + run, "/api/models/" + run + "/refs")) {
          hub(caller, as(token(caller)).get(path), sees(caller, place), 200);
        }
        var file = "/" + run + "/resolve/step1/a.txt";
        hub(caller, as(token(caller)).get(file), sees(caller, place), 307);
        hub(caller, as(token(caller)).head(file), sees(caller, place), 200);
      }
    }
  }

  private static void hub(String caller, Response answer, boolean sees, int expected) {
    int refused = caller.equals("anonymous") ? 401 : 404;
    assertThat(answer.statusCode()).as(caller).isEqualTo(sees ? expected : refused);
    assertThat(answer.header("X-Error-Code")).isEqualTo(sees ? null : "RepoNotFound");
    if (!sees) {
      assertThat(answer.header("X-Error-Message"))
          .isEqualTo(refused == 401 ? "Invalid username or password." : "Repository not found");
    }
  }

  @Test
  void onTheHubAnUnknownTokenIsNobodys() {
    var unknown = "hf_" + "x".repeat(40);
    as(unknown).get("/api/models/" + open + "/open").then().statusCode(200);
    as(unknown).head("/" + open + "/open/resolve/step1/a.txt").then().statusCode(200);
    var hidden = as(unknown).get("/api/models/" + open + "/closed");
    assertThat(hidden.statusCode()).isEqualTo(404);
    assertThat(hidden.header("X-Error-Code")).isEqualTo("RepoNotFound");
    as(unknown).get("/api/whoami-v2").then().statusCode(401);
    as(unknown).get("/v1/projects/" + open).then().statusCode(401);
  }

  @Test
  void whatIsPrivateAnswersAsWhatIsNotThere() {
    for (var caller : List.of("anonymous", "foreign")) {
      for (var rest :
          List.of("", "/checkpoints", "/checkpoints/step1/files/a.txt", "/lineage", "/findings")) {
        same(caller, open + "/runs/closed" + rest, open + "/runs/absent" + rest);
        same(caller, shut + "/runs/open" + rest, shut + "x/runs/open" + rest);
      }
      same(caller, open + "/datasets/closed", open + "/datasets/absent");
      same(caller, open + "/datasets/closed/versions", open + "/datasets/absent/versions");
      for (var rest :
          List.of("", "/runs", "/datasets", "/datasets/open/versions", "/configurations")) {
        same(caller, shut + rest, shut + "x" + rest);
      }
    }
  }

  private void same(String caller, String hidden, String absent) {
    var one = as(token(caller)).get("/v1/projects/" + hidden);
    var other = as(token(caller)).get("/v1/projects/" + absent);
    assertThat(one.statusCode()).as(hidden).isEqualTo(404).isEqualTo(other.statusCode());
    assertThat(one.asString())
        .isEqualTo(other.asString().replace("absent", "closed").replace(shut + "x", shut));
    assertThat(one.headers().asList().stream().map(header -> header.getName()).toList())
        .isEqualTo(other.headers().asList().stream().map(header -> header.getName()).toList());
  }

  @Test
  void noListNamesWhatIsPrivate() {
    for (var caller : CALLERS) {
      boolean sees = sees(caller, "shut/open");
      var token = token(caller);
      assertThat(names(token, "/v1/projects?pageSize=500", "items.name"))
          .contains(open)
          .satisfies(names -> assertThat(names.contains(shut)).isEqualTo(sees));
      for (var kind : List.of("runs", "datasets")) {
        assertThat(names(token, "/v1/projects/" + open + "/" + kind, "items.name"))
            .containsExactlyInAnyOrderElementsOf(
                sees ? List.of("open", "closed") : List.of("open"));
      }
      for (var kind : List.of("models", "datasets")) {
        assertThat(names(token, "/api/" + kind + "?author=" + open, "id"))
            .containsExactlyInAnyOrderElementsOf(
                sees ? List.of(open + "/open", open + "/closed") : List.of(open + "/open"));
        assertThat(names(token, "/api/" + kind + "?search=" + shut, "id")).hasSize(sees ? 2 : 0);
      }
      assertThat(names(token, "/v1/resolve?label=step1&pageSize=1000", "matches.project"))
          .satisfies(names -> assertThat(names.contains(shut)).isEqualTo(sees));
      for (var place : RUNS) {
        var run = project(place) + "/" + member(place);
        assertThat(names(token, "/v1/resolve?label=" + run + "@global_step1", "matches.how"))
            .as("%s resolves %s", caller, place)
            .hasSize(sees(caller, place) ? 1 : 0);
        assertThat(as(token).get("/v1/diff?left=" + run + "&right=" + run).statusCode())
            .isEqualTo(sees(caller, place) ? 200 : 404);
        assertThat(
                as(token)
                    .get(
                        "/v1/resolve?label=latest&project=%s&run=%s"
                            .formatted(project(place), member(place)))
                    .statusCode())
            .isEqualTo(sees(caller, place) ? 200 : 404);
      }
      var several = "/v1/tensors?name=w&runs=" + open + "/open," + open + "/closed";
      assertThat(as(token).get(several).<String>path("detail"))
          .startsWith(sees ? "No tensor w" : "No run " + open + "/closed");
    }
  }

  private static List<String> names(String token, String path, String field) {
    return as(token).get(path).then().statusCode(200).extract().jsonPath().getList(field);
  }

  @Test
  void lineageAndParentsEndWhereSomebodyMayNotLook() throws Exception {
    Callers.asAdministrator(() -> {
      Given.post(
              "/v1/projects/" + open + "/runs/open/segments",
              "{\"name\":\"main\",\"parents\":[{\"kind\":\"fork\",\"checkpoint\":\"%s/closed@step1\"}]}"
                  .formatted(open))
          .statusCode(201);
    });
    for (var caller : CALLERS) {
      boolean sees = sees(caller, "open/closed");
      var run = "/v1/projects/" + open + "/runs/open";
      var segment = as(token(caller)).get(run + "/segments/main").asString();
      var lineage = as(token(caller)).get(run + "/lineage").asString();
      assertThat(segment.contains("closed")).as(segment).isEqualTo(sees);
      assertThat(lineage.contains("closed")).as(lineage).isEqualTo(sees);
      assertThat(lineage).contains("main");
    }
    var reference =
        "{\"name\":\"b\",\"parents\":[{\"kind\":\"fork\",\"checkpoint\":\"%s/open@step1\"}]}"
            .formatted(shut);
    var writerOfOpen = with("writer", open);
    var refused =
        as(writerOfOpen)
            .contentType(ContentType.JSON)
            .body(reference)
            .post("/v1/projects/" + open + "/runs/open/segments");
    Api.refused(refused, "parents[0].checkpoint");
    assertThat(refused.asString()).contains("is no checkpoint here");
  }

  @Test
  void aWriterMakesTheProjectThatTheTokenNamesAndNoOther() {
    var name = Api.unique("coming");
    var token = with("writer", name);
    var post = as(token).contentType(ContentType.JSON);
    post.body("{\"name\":\"%s\",\"private\":true}".formatted(name))
        .post("/v1/projects")
        .then()
        .statusCode(201);
    as(token).get("/v1/projects/" + name).then().statusCode(200);
    as("").get("/v1/projects/" + name).then().statusCode(404);
    int other =
        as(token)
            .contentType(ContentType.JSON)
            .body("{\"name\":\"%s\"}".formatted(Api.unique("other")))
            .post("/v1/projects")
            .statusCode();
    assertThat(other).isEqualTo(foreignWrites() == 200 ? 201 : 403);
  }

  @Test
  void nobodyHidesWhatTheyCouldNotSeeAnyMore() {
    var path = "/v1/projects/" + open + "/runs/open";
    assertThat(patch("anonymous", path, "{\"private\":true}").statusCode()).isEqualTo(401);
    assertThat(patch("foreign", path, "{\"private\":true}").statusCode()).isEqualTo(403);
    assertThat(patch("writer", path, "{\"private\":true}").statusCode()).isEqualTo(200);
    as("").get(path).then().statusCode(404);
    assertThat(patch("writer", path, "{\"private\":false}").statusCode()).isEqualTo(200);
    as("").get(path).then().statusCode(200);
  }
}
