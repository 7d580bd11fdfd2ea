package org.cairn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.patch;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.cairn.testsupport.Api.unique;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class ProjectResourceTest {

  @Test
  void createsReadsAndKeepsWhatItWasTold() {
    var name = unique("EleutherAI");
    var body =
        """
        {"name":"%s","title":"Eleuther","description":"Pythia and others \\u2713",
         "metadata":{"big":9223372036854775807,"beyond":123456789012345678901234567890,"n":[1.5,null]}}
        """
            .formatted(name);
    post("/v1/projects", body)
        .then()
        .statusCode(201)
        .header("Location", org.hamcrest.Matchers.endsWith("/v1/projects/" + name));
    var read = get("/v1/projects/" + name.toUpperCase(Locale.ROOT));
    read.then()
        .statusCode(200)
        .header("ETag", is("\"v0\""))
        .body("name", is(name))
        .body("title", is("Eleuther"))
        .body("description", is("Pythia and others \u2713"))
        .body("createdAt", notNullValue())
        .body("metadata.n[1]", nullValue());
    assertThat(read.asString())
        .contains("9223372036854775807", "123456789012345678901234567890")
        .contains("\"createdAt\":\"" + read.path("updatedAt") + "\"");
  }

  @Test
  void refusesAFurtherProjectWhoseNameDiffersOnlyInCase() {
    var name = unique("Case");
    Api.created("/v1/projects", "{\"name\":\"" + name + "\"}");
    var again = post("/v1/projects", "{\"name\":\"" + name.toLowerCase(Locale.ROOT) + "\"}");
    refused(again, 409, "conflict");
    assertThat(again.<String>path("detail")).contains("project name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        ".a",
        "a.",
        "a--b",
        "a..b",
        "a.git",
        "a b",
        "a/b",
        "ä",
        "a\\nb",
        "a\\u0000b",
        "api",
        "API",
        "datasets",
        "v1",
        "Q",
        // 97 characters
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void refusesNamesOutsideTheGrammar(String name) {
    refused(post("/v1/projects", "{\"name\":\"" + name + "\"}"), "name");
  }

  @Test
  void takesANameOf96Characters() {
    var name = unique("n") + "x".repeat(82);
    Api.created("/v1/projects", "{\"name\":\"" + name + "\"}");
    assertThat(name).hasSize(96);
    get("/v1/projects/" + name).then().statusCode(200);
  }

  @Test
  void refusesWhatIsNoRequest() {
    refused(post("/v1/projects", "{\"name\":\"x\",\"nmae\":1}"), "nmae");
    refused(post("/v1/projects", "{\"name\":\"x\",\"name\":\"y\"}"), "body");
    refused(post("/v1/projects", "{}"), "name");
    refused(post("/v1/projects", "{\"name\":5}"), "name");
    refused(post("/v1/projects", "{\"name\":\"x\",\"metadata\":[]}"), "metadata");
    refused(post("/v1/projects", "{\"name\":\"x\""), 400, "invalid-request");
    refused(post("/v1/projects", "[]"), 400, "invalid-request");
    refused(post("/v1/projects", ""), 400, "invalid-request");
    refused(post("/v1/projects", "null"), 400, "invalid-request");
    refused(
        post("/v1/projects", "{\"name\":\"x\",\"title\":\"" + "t".repeat(201) + "\"}"), "title");
    refused(post("/v1/projects", "{\"name\":\"x\",\"title\":\"a\\u0000\"}"), "title");
    refused(post("/v1/projects", "{\"name\":\"x\",\"title\":\"a\\ud800\"}"), "title");
  }

  @Test
  void boundsMetadata() {
    refused(metadata("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"), "metadata");
    refused(metadata("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"), 400, "invalid-request");
    refused(metadata("{\"a\":\"" + "x".repeat(65_536) + "\"}"), "metadata");
    refused(metadata("{\"a\":1e999}"), "metadata");
    refused(metadata("{\"a\":1e-99999}"), "metadata");
    refused(metadata("{\"a\":\"\\u0000\"}"), "metadata");
    refused(metadata("{\"a\\u0000\":1}"), "metadata");
    refused(metadata("{\"a\":\"\\udc00\"}"), "metadata");
    refused(metadata("{\"a\":1,\"a\":2}"), 400, "invalid-request");
    metadata("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}").then().statusCode(201);
    metadata("{\"a\":\"" + "x".repeat(65_000) + "\"}").then().statusCode(201);
  }

  @Test
  void doesNotKnowOtherProjects() {
    refused(get("/v1/projects/" + unique("nobody")), 404, "not-found");
    refused(get("/v1/projects/a%00b"), 404, "not-found");
    refused(get("/v1/projects/a%27b"), 404, "not-found");
    refused(patch("/v1/projects/a%00b", "*", "{}"), 404, "not-found");
  }

  @Test
  void changesOnlyTheVersionThatTheClientRead() {
    var path = "/v1/projects/" + Api.project();
    refused(patch(path, "", "{\"title\":\"A\"}"), 428, "precondition-required");
    patch(path, "\"v0\"", "{\"title\":\"A\"}")
        .then()
        .statusCode(200)
        .header("ETag", is("\"v1\""))
        .body("title", is("A"));
    refused(patch(path, "\"v0\"", "{\"title\":\"B\"}"), 412, "precondition-failed");
    patch(path, "*", "{\"description\":\"D\",\"metadata\":{\"k\":1}}")
        .then()
        .statusCode(200)
        .body("title", is("A"))
        .body("description", is("D"));
    get(path).then().body("title", is("A")).body("metadata.k", is(1)).header("ETag", is("\"v2\""));
    refused(patch(path, "*", "{\"name\":\"other\"}"), "name");
    refused(patch(path, "*", "{\"metadata\":{\"a\":1e999}}"), "metadata");
  }

  @Test
  void answersARepeatedRequestOnce() {
    var name = unique("idem");
    var key = Map.of("Idempotency-Key", unique("key"));
    var body = "{\"name\":\"" + name + "\",\"metadata\":{\"x\":1.10}}";
    var first = post("/v1/projects", body, key);
    first.then().statusCode(201);
    var second = post("/v1/projects", body, key);
    second.then().statusCode(201);
    assertThat(second.asString()).isEqualTo(first.asString());
    refused(
        post("/v1/projects", "{\"name\":\"" + unique("other") + "\"}", key),
        409,
        "idempotency-mismatch");
    refused(post("/v1/projects", body), 409, "conflict");
    refused(
        post("/v1/projects", body, Map.of("Idempotency-Key", "k".repeat(201))), "Idempotency-Key");
  }

  @Test
  void listsNewestFirstInPages() {
    var names = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      names.add(Api.project());
    }
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page = get("/v1/projects?pageSize=2" + (token.isEmpty() ? "" : "&pageToken=" + token));
      page.then().statusCode(200);
      List<String> items = page.path("items.name");
      assertThat(items.size()).isBetween(1, 2);
      seen.addAll(items);
      token = page.jsonPath().getString("nextPageToken");
    } while (token != null && seen.size() < 5);
    assertThat(seen.subList(0, 5)).isEqualTo(names.reversed());
    refused(get("/v1/projects?pageSize=0"), "pageSize");
    refused(get("/v1/projects?pageSize=501"), "pageSize");
    refused(get("/v1/projects?pageToken=zzz"), "pageToken");
    refused(get("/v1/projects?pageToken=%00"), "pageToken");
  }

  private static io.restassured.response.Response metadata(String metadata) {
    return post("/v1/projects", "{\"name\":\"" + unique("m") + "\",\"metadata\":" + metadata + "}");
  }
}
