package org.cairn.hub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.platform.Sha256;

/** A client of the Hub that writes, as the real ones do it. */
record Writer(Repo repo) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  static Writer create() {
    return new Writer(Repo.create());
  }

  static String header(String... fields) {
    return "{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"description\":\"\""
        + String.join("", fields)
        + "}}";
  }

  static String parent(String commit) {
    return header(",\"parentCommit\":\"" + commit + "\"");
  }

  static String file(String path, String text) {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  static String file(String path, byte[] bytes) {
    return "{\"key\":\"file\",\"value\":{\"content\":\"%s\",\"path\":\"%s\",\"encoding\":\"base64\"}}"
        .formatted(Base64.getEncoder().encodeToString(bytes), path);
  }

  static String lfsFile(String path, byte[] bytes) {
    return lfsFile(path, Sha256.of(bytes).hex(), bytes.length);
  }

  static String lfsFile(String path, String oid, long size) {
    return "{\"key\":\"lfsFile\",\"value\":{\"path\":\"%s\",\"algo\":\"sha256\",\"oid\":\"%s\",\"size\":%d}}"
        .formatted(path, oid, size);
  }

  static String deleted(String key, String path) {
    return "{\"key\":\"%s\",\"value\":{\"path\":\"%s\"}}".formatted(key, path);
  }

  ValidatableResponse commit(String revision, String... lines) {
    return post("/commit/" + revision, String.join("\n", lines) + "\n");
  }

  ValidatableResponse post(String place, String body) {
    return given()
        .urlEncodingEnabled(false)
        .contentType("application/x-ndjson")
        .body(body.getBytes(StandardCharsets.UTF_8))
        .post(repo.api() + place)
        .then();
  }

  /** A long commit, which no log of requests is to hold; the status of the answer. */
  int commitLong(String revision, List<String> lines) throws IOException, InterruptedException {
    var body = lines.stream().map(line -> (line + "\n").getBytes(StandardCharsets.UTF_8)).toList();
    return HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://localhost:"
                            + RestAssured.port
                            + repo.api()
                            + "/commit/"
                            + revision))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  /** A commit that must succeed; its id. */
  String committed(String revision, String... lines) {
    return commit(revision, lines).statusCode(200).extract().path("commitOid");
  }

  ValidatableResponse preupload(String revision, String path, byte[] bytes) {
    var sample =
        Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, Math.min(bytes.length, 512)));
    return given()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "files",
                List.of(Map.of("path", path, "size", bytes.length, "sample", sample)),
                "gitIgnore",
                "*.tmp"))
        .post(repo.api() + "/preupload/" + revision)
        .then();
  }

  ValidatableResponse batch(String oid, long size, String... transfers) {
    return given()
        .urlEncodingEnabled(false)
        .contentType("application/vnd.git-lfs+json")
        .accept("application/vnd.git-lfs+json")
        .body(
            "{\"operation\":\"upload\",\"transfers\":[%s],\"hash_algo\":\"sha256\",\"objects\":[{\"oid\":\"%s\",\"size\":%d}]}"
                .formatted(
                    String.join(",", Arrays.stream(transfers).map(one -> '"' + one + '"').toList()),
                    oid,
                    size)
                .getBytes(StandardCharsets.UTF_8))
        .post("/" + repo.project() + "/" + repo.name() + ".git/info/lfs/objects/batch")
        .then();
  }

  /** Sends bytes by Git LFS as the batch says, without the callback that JavaScript leaves out. */
  void send(Sha256 oid, byte[] bytes) throws IOException, InterruptedException {
    var item =
        batch(oid.hex(), bytes.length, "basic", "multipart", "xet")
            .statusCode(200)
            .extract()
            .jsonPath();
    Map<String, String> header = item.getMap("objects[0].actions.upload.header");
    var href = item.getString("objects[0].actions.upload.href");
    if (header == null) {
      put(href, bytes);
      return;
    }
    assertThat(item.getString("transfer")).isEqualTo("multipart");
    int size = Integer.parseInt(Objects.requireNonNull(header.get("chunk_size")));
    for (int number = 1; number < header.size(); number++) {
      int from = (number - 1) * size;
      put(
          Objects.requireNonNull(header.get("%05d".formatted(number))),
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
    }
    for (int i = 0; i < 2; i++) {
      given()
          .contentType("application/vnd.git-lfs+json")
          .accept("application/vnd.git-lfs+json")
          .body("{}".getBytes(StandardCharsets.UTF_8))
          .post(URI.create(href))
          .then()
          .statusCode(200);
    }
  }

  private static void put(String href, byte[] bytes) throws IOException, InterruptedException {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(href))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    assertThat(answer.headers().firstValue("ETag")).isPresent();
  }
}
