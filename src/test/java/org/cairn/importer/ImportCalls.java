package org.cairn.importer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.cairn.testsupport.Given;
import org.junit.jupiter.api.BeforeEach;

/** Imports over HTTP into a project of each test's own. */
abstract class ImportCalls {

  String project;

  @BeforeEach
  void aProject() {
    project = Given.project();
  }

  /** An import that has come to its end. */
  String imported(String form, Map<String, String> files, String more) {
    var id = begun(form, files, more).statusCode(202).extract().<String>path("id");
    var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (state(id).matches("queued|running")) {
      assertThat(System.nanoTime()).as("the import ends").isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
    return id;
  }

  static String state(String id) {
    return given().get("/v1/imports/" + id).then().statusCode(200).extract().path("state");
  }

  ValidatableResponse begun(String form, Map<String, String> files, String more) {
    var listed =
        files.entrySet().stream()
            .map(file -> {
              try {
                return "{\"name\":\"%s\",\"sha256\":\"%s\"}"
                    .formatted(file.getKey(), Given.artifact(file.getValue()));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
            .collect(Collectors.joining(","));
    return Given.post(
        "/v1/imports",
        "{\"form\":\"%s\",\"project\":\"%s\",\"files\":[%s]%s}"
            .formatted(form, project, listed, more));
  }

  static ValidatableResponse the(String id) {
    return given().get("/v1/imports/" + id).then().statusCode(200);
  }

  static ValidatableResponse changes(String id) {
    return given().get("/v1/imports/" + id + "/changes").then().statusCode(200);
  }

  static ValidatableResponse findings(String id) {
    return given().get("/v1/imports/" + id + "/findings").then().statusCode(200);
  }

  ValidatableResponse findingsOf(String run) {
    return given()
        .get("/v1/projects/" + project + "/runs/" + run + "/findings")
        .then()
        .statusCode(200);
  }
}
