package org.cairn.hub;

import static io.restassured.RestAssured.given;

import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;

/** A run, made through {@code /v1} and read as a repository of the Hub. */
record Repo(String project, String name) {

  static Repo create() {
    return create("");
  }

  /** {@code fields} are more members of the JSON of the run. */
  static Repo create(String fields) {
    var project = Given.project();
    Given.run(project, "run", fields);
    return new Repo(project, "run");
  }

  /** A request that is sent as it stands. */
  static RequestSpecification plain() {
    return given().urlEncodingEnabled(false).redirects().follow(false);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  String run() {
    return "/v1/projects/" + project + "/runs/" + name;
  }

  String api() {
    return "/api/models/" + project + "/" + name;
  }

  String resolve(String place) {
    return "/" + project + "/" + name + "/resolve/" + place;
  }

  /** Registers a checkpoint; {@code fields} are more members of its JSON. */
  Repo draft(long step, String fields, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    Given.post(
            run() + "/checkpoints",
            "{\"step\":%d%s,\"files\":[%s]}"
                .formatted(step, fields.isEmpty() ? "" : "," + fields, entries(files)))
        .statusCode(201);
    return this;
  }

  /** A checkpoint called {@code step{N}} that never changes. */
  Repo sealed(long step, Map<String, byte[]> files) throws IOException, InterruptedException {
    return draft(step, "", files).seal("step" + step);
  }

  Repo seal(String label) {
    given().post(run() + "/checkpoints/" + label + "/seal").then().statusCode(200);
    return this;
  }

  static String entries(Map<String, byte[]> files) throws IOException, InterruptedException {
    var entries = new ArrayList<String>();
    var sent = new HashSet<Sha256>();
    for (var file : files.entrySet()) {
      var sha256 = Sha256.of(file.getValue());
      if (sent.add(sha256)) {
        Given.artifact(file.getValue());
      }
      entries.add(
          "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}"
              .formatted(file.getKey(), sha256, file.getValue().length));
    }
    return String.join(",", entries);
  }

  /** The commit that a revision is. */
  String commit(String revision) {
    return plain()
        .get(api() + "/revision/" + revision)
        .then()
        .statusCode(200)
        .extract()
        .path("sha");
  }

  ValidatableResponse get(String place, String... headers) {
    return request(headers).get(resolve(place)).then();
  }

  ValidatableResponse head(String place, String... headers) {
    return request(headers).head(resolve(place)).then();
  }

  private static RequestSpecification request(String... headers) {
    var request = plain();
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  ExtractableResponse<Response> tree(String rest) {
    return plain().get(api() + "/tree/" + rest).then().statusCode(200).extract();
  }

  static List<String> paths(ExtractableResponse<Response> answer) {
    return answer.jsonPath().getList("path");
  }
}
