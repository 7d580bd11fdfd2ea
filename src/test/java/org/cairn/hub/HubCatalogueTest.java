package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;
import static org.cairn.hub.Repo.plain;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** Listings of repositories, datasets, and what clients ask of the Hub as a whole. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubCatalogueTest {

  @Test
  void modelsAreFoundByAuthorWordsAndTags() {
    var project = Given.project();
    Given.run(
        project,
        "pythia-14m",
        "\"family\":\"pythia\",\"license\":\"mit\",\"axes\":{\"seed\":1},\"metadata\":{\"tags\":[\"dynamics\"],\"pipeline_tag\":\"text-generation\"}");
    Given.run(project, "pythia-70m", "\"family\":\"pythia\",\"axes\":{\"seed\":2}");
    Given.run(project, "olmo-1b", "\"family\":\"olmo\",\"license\":\"mit\"");
    var models = "/api/models?author=" + project;
    var expected =
        Map.ofEntries(
            Map.entry("", List.of("olmo-1b", "pythia-70m", "pythia-14m")),
            Map.entry("&search=PYTHIA", List.of("pythia-70m", "pythia-14m")),
            Map.entry("&search=pythia&search=14m", List.of("pythia-14m")),
            Map.entry("&filter=pythia", List.of("pythia-70m", "pythia-14m")),
            Map.entry("&filter=pythia&filter=license:mit", List.of("pythia-14m")),
            Map.entry("&filter=seed:2", List.of("pythia-70m")),
            Map.entry("&filter=dynamics", List.of("pythia-14m")),
            Map.entry("&pipeline_tag=text-generation", List.of("pythia-14m")),
            Map.entry("&filter=nothing", List.of()),
            Map.entry("&search=%25", List.of()),
            Map.entry(
                "&unknown=1&full=True&expand=downloads",
                List.of("olmo-1b", "pythia-70m", "pythia-14m")));
    expected.forEach((query, names) ->
        assertThat(
                plain()
                    .get(models + query)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath()
                    .getList("id"))
            .as(query)
            .isEqualTo(names.stream().map(name -> project + "/" + name).toList()));
    plain()
        .get(models + "&filter=dynamics")
        .then()
        .body("[0].tags", contains("pythia", "seed:1", "license:mit", "dynamics"))
        .body("[0].pipeline_tag", equalTo("text-generation"));
    plain().get("/api/models?author=nobody-" + project).then().statusCode(200).body("", hasSize(0));
    plain().get("/api/models?search=" + "x".repeat(300)).then().statusCode(400);
  }

  @Test
  void pagesOfModelsFollowEachOther() {
    var project = Given.project();
    for (int i = 0; i < 5; i++) {
      Given.run(project, "run" + i, "");
    }
    for (var sort : List.of("", "&sort=lastModified", "&sort=createdAt", "&sort=downloads")) {
      var seen = new java.util.ArrayList<String>();
      var next = "/api/models?author=" + project + "&limit=2" + sort;
      while (next != null) {
        var answer = plain().get(next).then().statusCode(200).extract();
        seen.addAll(answer.jsonPath().getList("id"));
        var link = answer.header("Link");
        next = link == null ? null : link.substring(link.indexOf("/api"), link.indexOf('>'));
      }
      assertThat(seen)
          .containsExactly(
              project + "/run4",
              project + "/run3",
              project + "/run2",
              project + "/run1",
              project + "/run0");
    }
  }

  @Test
  void datasetsAreRepositoriesAndTheirVersionsAreTags() throws Exception {
    var project = Given.project();
    Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"data\",\"license\":\"mit\"}")
        .statusCode(201);
    var api = "/api/datasets/" + project + "/data";
    plain().get(api + "/tree/main").then().statusCode(200).body("", hasSize(0));
    var versions = "/v1/projects/" + project + "/datasets/data/versions";
    for (var version : List.of("v1", "v2")) {
      Given.post(
              versions,
              "{\"version\":\"%s\",\"files\":[%s,{\"path\":\"far.bin\",\"location\":\"https://example.org/x\"}]}"
                  .formatted(
                      version,
                      Repo.entries(Map.of("train.csv", bytes(version), "data/x.csv", bytes("x")))))
          .statusCode(201);
    }
    plain()
        .get(api + "/refs")
        .then()
        .body("branches.name", contains("main"))
        .body("tags.name", contains("v1", "v2"));
    String first = plain().get(api + "/revision/v1").then().statusCode(200).extract().path("sha");
    plain()
        .get(api)
        .then()
        .statusCode(200)
        .body("id", equalTo(project + "/data"))
        .body("modelId", nullValue())
        .body("sha", equalTo(plain().get(api + "/revision/v2").path("sha")))
        .body("siblings.rfilename", contains("data/x.csv", "train.csv"));
    plain().get(api + "/tree/v1").then().body("path", contains("data", "train.csv"));
    plain().get(api + "/tree/main/data").then().body("path", contains("data/x.csv"));
    var resolve = "/datasets/" + project + "/data/resolve/";
    assertThat(Given.download(resolve + "main/train.csv").body()).isEqualTo(bytes("v2"));
    assertThat(Given.download(resolve + first + "/train.csv").body()).isEqualTo(bytes("v1"));
    plain()
        .head(resolve + "v1/train.csv")
        .then()
        .statusCode(200)
        .header("X-Repo-Commit", equalTo(first));
    plain()
        .head(resolve + "v1/far.bin")
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("EntryNotFound"))
        .header("X-Repo-Commit", equalTo(first));
    plain()
        .head(resolve + "v3/train.csv")
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("RevisionNotFound"));
    plain()
        .get("/api/datasets?author=" + project + "&filter=license:mit")
        .then()
        .body("id", contains(project + "/data"));
    plain().get("/api/models/" + project + "/data").then().statusCode(401);
  }

  @Test
  void nobodyIsAnybody() {
    plain()
        .get("/api/whoami-v2")
        .then()
        .statusCode(401)
        .contentType("application/json")
        .body("error", equalTo("Invalid username or password."))
        .header("X-Error-Code", nullValue());
    plain()
        .header("Authorization", "Bearer hf_x")
        .get("/api/whoami-v2")
        .then()
        .statusCode(401)
        .header("X-Error-Message", equalTo("Invalid credentials in Authorization header"));
    plain()
        .get("/api/agent-harnesses")
        .then()
        .statusCode(200)
        .body("standardEnvVars", hasSize(0))
        .body("harnesses", equalTo(Map.of()));
    plain().get("/api/models-tags-by-type").then().statusCode(200);
    plain().head("/api/telemetry/x").then().statusCode(404);
  }
}
