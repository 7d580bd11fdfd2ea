package org.cairn.artifact;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.cairn.platform.Sha256;

/** Uploads through the API, as a client does it: with PUTs to wherever the service points. */
final class Uploads {

  static final HttpClient HTTP = HttpClient.newHttpClient();

  static byte[] randomBytes(int size) {
    var bytes = new byte[size];
    ThreadLocalRandom.current().nextBytes(bytes);
    return bytes;
  }

  static String sha256(byte[] bytes) {
    return Sha256.of(bytes).hex();
  }

  /** Uploads bytes and waits until they are verified; answers the id of the upload. */
  String upload(byte[] bytes) {
    var opened = open(sha256(bytes), bytes.length).statusCode(201).extract().jsonPath();
    var id = opened.getString("id");
    putAll(opened, bytes);
    complete(id).statusCode(202);
    await(id).body("state", org.hamcrest.Matchers.equalTo("verified"));
    return id;
  }

  ValidatableResponse open(String sha256, long size) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("sha256", sha256, "size", size))
        .post("/v1/uploads")
        .then();
  }

  /** PUTs the parts of {@code bytes} that {@code opened} says there are. */
  void putAll(JsonPath opened, byte[] bytes) {
    int partSize = opened.getInt("partSize");
    for (int number = 1; number <= opened.getInt("partCount"); number++) {
      var from = (number - 1) * partSize;
      put(
          opened.getString("id"),
          number,
          Arrays.copyOfRange(bytes, from, Math.min(from + partSize, bytes.length)));
    }
  }

  /** PUTs one part, whatever its size; answers the status. */
  int put(String id, int number, byte[] part) {
    return put(sign(id, List.of(number)).getString("parts[0].url"), part);
  }

  static int put(String url, byte[] part) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create(url))
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(part))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonPath sign(String id, List<Integer> numbers) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("numbers", numbers))
        .post("/v1/uploads/" + id + "/parts")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  ValidatableResponse complete(String id) {
    return given().post("/v1/uploads/" + id + "/complete").then();
  }

  ValidatableResponse await(String id) {
    return given().get("/v1/uploads/" + id + "?wait=30").then().statusCode(200);
  }
}
