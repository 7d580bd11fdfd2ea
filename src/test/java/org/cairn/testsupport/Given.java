package org.cairn.testsupport;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Sha256;

/** Brings a registry into a state, through its public interface only; every name is unique. */
public final class Given {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Given() {}

  /** A project of its own; its name. */
  public static String project() {
    var name = "p-" + UUID.randomUUID();
    post("/v1/projects", "{\"name\":\"%s\"}".formatted(name)).statusCode(201);
    return name;
  }

  /**
   * A run of its own, as {@code /v1/projects/{project}/runs/{run}}; {@code fields} are more JSON
   * members.
   */
  public static String run(String fields) {
    var project = project();
    return run(project, "run", fields);
  }

  public static String run(String project, String name, String fields) {
    post(
            "/v1/projects/" + project + "/runs",
            "{\"name\":\"%s\"%s}".formatted(name, fields.isEmpty() ? "" : "," + fields))
        .statusCode(201);
    return "/v1/projects/" + project + "/runs/" + name;
  }

  public static ValidatableResponse post(String path, String json) {
    return given().contentType(ContentType.JSON).body(json).post(path).then();
  }

  /** A file of a run as a whole. */
  public static void runFile(String run, String path, String text)
      throws IOException, InterruptedException {
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    post(
            run + "/files",
            "{\"files\":[{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(path, artifact(text), size))
        .statusCode(200);
  }

  /** Verified bytes; their digest. */
  public static Sha256 artifact(byte[] bytes) throws IOException, InterruptedException {
    var sha256 = Sha256.of(bytes);
    var id = startVerifying(bytes, sha256);
    if (!id.isEmpty()) {
      var state =
          given()
              .get("/v1/uploads/" + id + "?wait=20")
              .then()
              .statusCode(200)
              .extract()
              .<String>path("state");
      assertThat(state).isEqualTo("verified");
    }
    return sha256;
  }

  public static Sha256 artifact(String text) throws IOException, InterruptedException {
    return artifact(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends {@code bytes} as the content of {@code claimed} and asks for verification; the upload's
   * id, empty if known.
   */
  public static String startVerifying(byte[] bytes, Sha256 claimed)
      throws IOException, InterruptedException {
    var upload =
        post("/v1/uploads", "{\"sha256\":\"%s\",\"size\":%d}".formatted(claimed, bytes.length))
            .extract();
    if (upload.statusCode() == 200) {
      return "";
    }
    assertThat(upload.statusCode()).isEqualTo(201);
    String id = upload.path("id");
    int partSize = upload.<Number>path("partSize").intValue();
    int partCount = upload.path("partCount");
    for (int part = 1; part <= partCount; part++) {
      var target =
          post("/v1/uploads/" + id + "/parts", "{\"numbers\":[" + part + "]}")
              .statusCode(200)
              .extract()
              .<List<Map<String, Object>>>path("parts")
              .getFirst();
      var body =
          Arrays.copyOfRange(bytes, (part - 1) * partSize, Math.min(bytes.length, part * partSize));
      var sent =
          HTTP.send(
              HttpRequest.newBuilder(URI.create((String) target.get("url")))
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      // Nothing is a part in the store, and none where transfers are proxied.
      if (bytes.length > 0) {
        assertThat(sent.statusCode()).as(sent.body()).isBetween(200, 204);
      }
    }
    given().post("/v1/uploads/" + id + "/complete").then().statusCode(202);
    return id;
  }

  /** What a client gets that follows redirects to the object store. */
  public static HttpResponse<byte[]> download(String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
            URI.create("http://localhost:" + io.restassured.RestAssured.port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
