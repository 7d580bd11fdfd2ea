package org.cairn.hub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Writer.deleted;
import static org.cairn.hub.Writer.file;
import static org.cairn.hub.Writer.header;
import static org.cairn.hub.Writer.parent;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.cairn.testsupport.Given;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits to dataset repositories, each of which makes a version. */
@QuarkusTest
class HubDatasetCommitTest {

  private static final String NOBODY = "0".repeat(64);

  private String project;
  private String dataset;

  @BeforeEach
  void create() {
    project = Given.project();
    Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"data\"}").statusCode(201);
    dataset = "/v1/projects/" + project + "/datasets/data";
  }

  private ValidatableResponse commit(String revision, String... lines) {
    return given()
        .contentType("application/x-ndjson")
        .body((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8))
        .post("/api/datasets/" + project + "/data/commit/" + revision)
        .then();
  }

  private String committed(String... lines) {
    return commit("main", lines).statusCode(200).extract().path("commitOid");
  }

  private String read(String revision, String path) {
    return RestAssured.get("/datasets/%s/data/resolve/%s/%s".formatted(project, revision, path))
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private List<String> versions() {
    return RestAssured.get(dataset + "/versions").then().extract().path("items.version");
  }

  @Test
  void eachCommitIsAVersionThatStays() {
    var first = committed(header(), file("a.txt", "one"), file("in/b.txt", "two"));
    var second = committed(header(), file("a.txt", "three"), deleted("deletedFolder", "in"));
    assertThat(versions()).containsExactly("r2", "r1");
    assertThat(read("main", "a.txt")).isEqualTo("three");
    assertThat(read(second, "a.txt")).isEqualTo("three");
    assertThat(read(first, "a.txt")).isEqualTo("one");
    assertThat(read("r1", "in/b.txt")).isEqualTo("two");
    RestAssured.get("/datasets/%s/data/resolve/main/in/b.txt".formatted(project))
        .then()
        .statusCode(404);
    RestAssured.get(dataset + "/versions/r2/files")
        .then()
        .body("items.path", contains("a.txt"))
        .body("items[0].size", equalTo(5));
  }

  @Test
  void aCommitOfWhatIsThereMakesNoVersion() {
    var first = committed(header(), file("a.txt", "one"));
    assertThat(committed(header(), file("a.txt", "one"))).isEqualTo(first);
    assertThat(versions()).containsExactly("r1");
  }

  @Test
  void filesThatAreElsewhereStayUntilTheyAreDeleted() {
    Given.post(
            dataset + "/versions",
            """
            {"version":"r2","files":[
              {"path":"a.bin","location":"https://example.org/a.bin","sha256":"%s","role":"tokens"},
              {"path":"in/b.bin","withheldReason":"personal data"}]}
            """
                .formatted(NOBODY))
        .statusCode(201);
    var _ = committed(header(), file("c.txt", "three"));
    assertThat(versions()).containsExactly("r3", "r2");
    RestAssured.get(dataset + "/versions/r3/files")
        .then()
        .body("items.path", contains("a.bin", "c.txt", "in/b.bin"))
        .body("items[0].location", equalTo("https://example.org/a.bin"))
        .body("items[0].role", equalTo("tokens"));
    var _ = committed(header(), deleted("deletedFolder", "in"), deleted("deletedFile", "a.bin"));
    RestAssured.get(dataset + "/versions/r4/files").then().body("items.path", contains("c.txt"));
  }

  @Test
  void whatCannotBeCommittedChangesNothing() {
    var first = committed(header(), file("a.txt", "one"));
    var second = committed(header(), file("a.txt", "two"));
    commit("main", parent(first), file("a.txt", "three")).statusCode(412);
    commit("r1", header(), file("a.txt", "three"))
        .statusCode(403)
        .body("error", containsString("never changes"));
    commit("main", header(), deleted("deletedFile", "b.txt"), file("c.txt", "c")).statusCode(404);
    commit("main", header(), Writer.lfsFile("d.bin", NOBODY, 3)).statusCode(400);
    commit("main", header(), file("../e.txt", "e")).statusCode(400);
    commit("main", header(), file("a.txt/f.txt", "f")).statusCode(400);
    assertThat(versions()).containsExactly("r2", "r1");
    assertThat(committed(parent(second), file("a.txt", "three"))).isNotEqualTo(second);
  }

  @Test
  void aVersionThatIsCalledMainStays() {
    Given.post(
            dataset + "/versions",
            "{\"version\":\"main\",\"files\":[{\"path\":\"a\",\"withheldReason\":\"no\"}]}")
        .statusCode(201);
    commit("main", header(), file("a.txt", "one"))
        .statusCode(403)
        .body("error", containsString("main"));
  }

  @Test
  void commitsThatRaceLoseNothing() throws Exception {
    int many = 12;
    try (var threads = Executors.newFixedThreadPool(4)) {
      var calls =
          IntStream.range(0, many)
              .<Callable<String>>mapToObj(i -> () -> committed(header(), file(i + ".txt", "" + i)))
              .toList();
      for (var done : threads.invokeAll(calls)) {
        assertThat(done.get()).hasSize(40);
      }
    }
    assertThat(versions()).hasSize(many);
    RestAssured.get(dataset + "/versions/r" + many + "/files")
        .then()
        .body("items.size()", equalTo(many));
  }

  @Test
  void otherBranchesAndTagsAreRefused() {
    given()
        .contentType("application/json")
        .body("{}")
        .post("/api/datasets/" + project + "/data/branch/other")
        .then()
        .statusCode(403)
        .body("error", containsString("versions"));
  }
}
