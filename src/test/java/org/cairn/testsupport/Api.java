package org.cairn.testsupport;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;

/** Speaks to the API as a client would; every name it makes up is new. */
public final class Api {

  private Api() {}

  public static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  /** A new project. */
  public static String project() {
    var name = unique("project");
    created("/v1/projects", "{\"name\":\"" + name + "\"}");
    return name;
  }

  /** The address of a new run, in a project of its own. */
  public static String run() {
    return run(project(), "");
  }

  /** The address of a new run; {@code fields} are more fields of the request, if any. */
  public static String run(String project, String fields) {
    var name = unique("run");
    var runs = "/v1/projects/" + project + "/runs";
    created(runs, "{\"name\":\"" + name + "\"" + (fields.isEmpty() ? "" : "," + fields) + "}");
    return runs + "/" + name;
  }

  public static ValidatableResponse created(String path, String body) {
    return post(path, body).then().statusCode(201);
  }

  public static Response post(String path, String body) {
    return post(path, body, Map.of());
  }

  public static Response post(String path, String body, Map<String, String> headers) {
    return given()
        .urlEncodingEnabled(false)
        .headers(headers)
        .contentType(ContentType.JSON)
        .body(body)
        .post(path);
  }

  public static Response patch(String path, String ifMatch, String body) {
    var request = given().urlEncodingEnabled(false).contentType(ContentType.JSON).body(body);
    return (ifMatch.isEmpty() ? request : request.header("If-Match", ifMatch)).patch(path);
  }

  public static Response get(String path) {
    return given().urlEncodingEnabled(false).get(path);
  }

  /** The answer is a problem that names this field. */
  public static void refused(Response response, String field) {
    refused(response, 400, "invalid-request");
    if (!response.jsonPath().getList("violations.field").contains(field)) {
      throw new AssertionError("no violation of " + field + ": " + response.asString());
    }
  }

  /** The answer is a problem of this kind. */
  public static void refused(Response response, int status, String type) {
    if (response.statusCode() != status
        || !response.contentType().startsWith("application/problem+json")
        || !("/problems/" + type).equals(response.path("type"))) {
      throw new AssertionError(
          "not "
              + status
              + " "
              + type
              + ": "
              + response.statusCode()
              + " "
              + response.contentType()
              + " "
              + response.asString());
    }
  }
}
