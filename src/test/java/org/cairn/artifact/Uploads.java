package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;

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
    return await(id, 30);
  }

  ValidatableResponse await(String id, int seconds) {
    return given().get("/v1/uploads/" + id + "?wait=" + seconds).then().statusCode(200);
  }

  /** Announces bytes and sends these ones; answers the id of the upload. */
  UUID sent(byte[] announced, byte[] sent) {
    var opened = open(sha256(announced), announced.length).extract().jsonPath();
    putAll(opened, sent);
    return UUID.fromString(opened.getString("id"));
  }

  /** How many objects and unfinished uploads of this digest the store has. */
  static long left(ObjectStore store, byte[] bytes) {
    var hex = sha256(bytes);
    var folder = ObjectKey.of("artifacts", hex.substring(0, 2), hex);
    return store.list(folder).count() + store.listMultiparts(folder).count();
  }

  /** Changes one row behind the service's back. */
  static void execute(DataSource database, String statement, UUID id) throws SQLException {
    try (var connection = database.getConnection();
        var prepared = connection.prepareStatement(statement)) {
      prepared.setObject(1, id);
      assertThat(prepared.executeUpdate()).isEqualTo(1);
    }
  }
}
