package org.cairn.run;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.post;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class RunFileResourceTest {

  private static final byte[] LOG = "step,loss\n0,10.8\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CARD = "# Model card\n".getBytes(StandardCharsets.UTF_8);

  @Test
  void keepsFilesAndGivesThemBack() throws Exception {
    var files = Api.run() + "/files";
    var log = Given.artifact(LOG);
    post(
            files,
            "{\"files\":["
                + file("logs/metrics \u00e4.csv", log, LOG.length)
                + ",{\"path\":\"README.md\",\"sha256\":\""
                + Given.artifact(CARD)
                + "\",\"size\":13,\"role\":\"card\",\"mediaType\":\"text/markdown\"}]}")
        .then()
        .statusCode(200)
        .body("files.path", contains("logs/metrics \u00e4.csv", "README.md"))
        .body("files[0].role", is("other"))
        .body("files[0].mediaType", is("application/octet-stream"))
        .body("files[1].role", is("card"));
    var address = files + "/logs/metrics%20%C3%A4.csv";
    var download = Given.download(address);
    assertThat(download.statusCode()).isEqualTo(200);
    assertThat(download.body()).isEqualTo(LOG);
    given()
        .urlEncodingEnabled(false)
        .head(address)
        .then()
        .statusCode(200)
        .header("ETag", is("\"" + log + "\""))
        .header("Content-Length", is(Integer.toString(LOG.length)))
        .header("Cache-Control", is("no-cache"));
    given().head(files + "/README.md").then().header("Content-Type", containsString("markdown"));

    // the same path again is another file
    var card = Given.artifact(CARD);
    post(files, "{\"files\":[" + file("logs/metrics \u00e4.csv", card, CARD.length) + "]}")
        .then()
        .statusCode(200);
    assertThat(Given.download(address).body()).isEqualTo(CARD);
    get(files).then().body("items.size()", is(2));

    given().urlEncodingEnabled(false).delete(address).then().statusCode(204);
    refused(given().urlEncodingEnabled(false).delete(address), 404, "not-found");
    refused(get(address), 404, "not-found");
    refused(get(files + "/a%00b"), 404, "not-found");
    refused(get(files + "/..%2fx"), 404, "not-found");
    refused(given().urlEncodingEnabled(false).delete(files + "/a%00b"), 404, "not-found");
  }

  @Test
  void listsByPath() throws Exception {
    var files = Api.run() + "/files";
    var log = Given.artifact(LOG);
    var request = new ArrayList<String>();
    for (int i = 0; i < 1_500; i++) {
      request.add(file("logs/%04d".formatted(1_499 - i), log, LOG.length));
    }
    post(files, "{\"files\":[" + String.join(",", request) + "]}").then().statusCode(200);
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page = get(files + "?pageSize=700" + (token.isEmpty() ? "" : "&pageToken=" + token));
      page.then().statusCode(200);
      seen.addAll(page.<List<String>>path("items.path"));
      token = page.path("nextPageToken");
    } while (token != null);
    assertThat(seen).hasSize(1_500).doesNotHaveDuplicates().isSorted();
    refused(get(files + "?pageSize=1001"), "pageSize");
    refused(get(files + "?pageToken=" + "AA"), "pageToken"); // a NUL
  }

  @Test
  void takesOnlyBytesThatAreHere() throws Exception {
    var files = Api.run() + "/files";
    var log = Given.artifact(LOG);
    refused(
        post(
            files,
            "{\"files\":["
                + file("a", log, LOG.length)
                + ","
                + file("b", Sha256.of(new byte[] {1, 2, 3, 4}), 4)
                + "]}"),
        "files[1].sha256");
    refused(post(files, "{\"files\":[" + file("a", log, 5) + "]}"), "files[0].size");
    get(files).then().body("items.size()", is(0));
  }

  @Test
  void answersARepeatedRequestOnce() throws Exception {
    var files = Api.run() + "/files";
    var key = Map.of("Idempotency-Key", "k");
    var body = "{\"files\":[" + file("a", Given.artifact(LOG), LOG.length) + "]}";
    post(files, body, key).then().statusCode(200);
    post(files, body, key).then().statusCode(200).body("files.path", contains("a"));
    refused(post(files, body.replace("\"a\"", "\"b\""), key), 409, "idempotency-mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../a|files[0].path",
        "a//b|files[0].path",
        "/a|files[0].path",
        "C:/a|files[0].path",
        ".git/config|files[0].path",
        "a\\\\b|files[0].path",
        "a\\u0000b|files[0].path",
        "a/./b|files[0].path"
      })
  void refusesPathsThatAreNone(String path, String field) throws Exception {
    var files = Api.run() + "/files";
    refused(
        post(files, "{\"files\":[" + file(path, Given.artifact(LOG), LOG.length) + "]}"), field);
  }

  @Test
  void refusesWhatIsNoListOfFiles() throws Exception {
    var files = Api.run() + "/files";
    var one = file("a", Given.artifact(LOG), LOG.length);
    refused(post(files, "{\"files\":[]}"), "files");
    refused(post(files, "{}"), "files");
    refused(post(files, "{\"files\":[" + one + "," + one + "]}"), "files[1].path");
    refused(
        post(files, "{\"files\":[" + one.replace("}", ",\"role\":\"A\"}") + "]}"), "files[0].role");
    refused(
        post(files, "{\"files\":[" + one.replace("}", ",\"mediaType\":\"a\\r\\nX: y\"}") + "]}"),
        "files[0].mediaType");
    refused(
        post("/v1/projects/nobody-here/runs/r/files", "{\"files\":[" + one + "]}"),
        404,
        "not-found");
  }

  private static String file(String path, Sha256 sha256, long size) {
    return "{\"path\":\"" + path + "\",\"sha256\":\"" + sha256 + "\",\"size\":" + size + "}";
  }
}
