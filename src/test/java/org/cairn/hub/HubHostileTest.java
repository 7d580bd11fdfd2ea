package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cairn.api.PageToken;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.Hostile;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers send instead of names, paths, numbers and cursors, byte for byte: every answer is
 * one that clients of the Hub can read, and none is a failure of the service.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubHostileTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "nobody may climb to this";

  /** Made once: tests only read it. */
  private static final List<Repo> REPOS = new ArrayList<>();

  private Repo repo = new Repo("", "");

  @BeforeEach
  void publish() throws Exception {
    if (REPOS.isEmpty()) {
      var made =
          Repo.create().sealed(1, Map.of("config.json", bytes("{}"), "sub/a.txt", bytes("a")));
      Given.runFile(made.run(), "secret.txt", SECRET);
      REPOS.add(made);
    }
    repo = REPOS.getFirst();
  }

  /** An answer as it came over the wire. */
  private record Answer(String request, int status, Map<String, String> headers, String body) {

    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }

  /** No client library: those mend addresses before they send them. */
  private static Answer send(String method, String target, String type, String body)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(20_000);
      var content = body.getBytes(StandardCharsets.UTF_8);
      var head =
          "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(method, target, type, content.length);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(content);
      // Each character is a byte, until the body is put together.
      var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      assertThat(end).as("%s %s: %s", method, target, text).isPositive();
      var lines = List.of(text.substring(0, end).split("\r\n", -1));
      var headers = new TreeMap<String, String>();
      for (var line : lines.subList(1, lines.size())) {
        int colon = line.indexOf(':');
        headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
      }
      var said = text.substring(end + 4);
      if (headers.getOrDefault("transfer-encoding", "").equals("chunked") && !said.isEmpty()) {
        said = unchunked(said);
      }
      int status = Integer.parseInt(lines.getFirst().split(" ", -1)[1]);
      var read = new String(said.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      return new Answer(method + " " + target, status, headers, read);
    }
  }

  private static String unchunked(String chunked) {
    var text = new StringBuilder();
    int at = 0;
    while (true) {
      int line = chunked.indexOf("\r\n", at);
      int length = Integer.parseInt(chunked.substring(at, line), 16);
      if (length == 0) {
        return text.toString();
      }
      text.append(chunked, line + 2, line + 2 + length);
      at = line + 2 + length + 2;
    }
  }

  private static Answer get(String target) throws IOException {
    return send("GET", target, "text/plain", "");
  }

  /** One that refuses says why, in the header and, where there is a body, in JSON. */
  private static void isReadable(Answer answer) throws IOException {
    var what = answer.request() + " -> " + answer;
    assertThat(answer.status()).as(what).isBetween(200, 499);
    assertThat(answer.headers().keySet()).as(what).doesNotContain("x-evil");
    assertThat(answer.body()).as(what).doesNotContain(SECRET);
    if (answer.status() < 400) {
      return;
    }
    if (!isAddress(answer.request().split(" ", 2)[1])) {
      // What is no address at all the HTTP server itself refuses; no client can send it.
      assertThat(answer.status()).as(what).isEqualTo(400);
      return;
    }
    assertThat(answer.header("x-error-message")).as(what).isNotBlank();
    if (answer.request().startsWith("HEAD")) {
      assertThat(answer.body()).as(what).isEmpty();
    } else {
      assertThat(answer.header("content-type")).as(what).startsWith("application/json");
      assertThat(answer.json().path("error").asText()).as(what).isNotBlank();
    }
  }

  private static boolean isAddress(String target) {
    try {
      return new URI(target).getRawPath() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private List<Answer> everywhere(String place) throws IOException {
    var answers = new ArrayList<Answer>();
    for (var beginning : List.of("/resolve/", "/raw/")) {
      var file = "/" + repo.project() + "/" + repo.name() + beginning + place;
      answers.add(get(file));
      answers.add(send("HEAD", file, "text/plain", ""));
      answers.add(get("/datasets" + file));
    }
    for (var what : List.of("tree", "revision", "commits")) {
      answers.add(get(repo.api() + "/" + what + "/" + place));
    }
    var paths = repo.api() + "/paths-info/" + place;
    answers.add(
        send("POST", paths, "application/x-www-form-urlencoded", "paths=config.json&expand=1"));
    answers.add(send("POST", paths, "application/json", "{\"paths\":[\"config.json\"]}"));
    return answers;
  }

  static Stream<String> revisions() {
    return Stream.of(
        "%00",
        "%ff",
        "%zz",
        "%",
        "%c3",
        "%ED%A0%80",
        "%2F",
        "%2F%2F",
        "refs%2Fheads%2F",
        "refs%2Fpr%2F1",
        "refs/convert/x",
        "x".repeat(600),
        "%C3%A9".repeat(400),
        "x%2F".repeat(300),
        "'%20or%201=1--",
        "%25",
        "0".repeat(40),
        "sha256:" + "0".repeat(64),
        "step99999999999999999999",
        "step9223372036854775808",
        "step--1",
        "stage1-step1-tokens9999999999999999999B",
        "step1%0d%0aX-Evil:%201",
        "step1%20",
        "step1%00",
        "%F0%9F%98%80",
        "\\",
        "%5C..%5C",
        "{}",
        "%7B%7D");
  }

  @ParameterizedTest
  @MethodSource("revisions")
  void aRevisionThatIsNoneIsSaidToBeNone(String revision) throws Exception {
    for (var path : List.of("", "/config.json", "/sub%2Fa.txt")) {
      for (var answer : everywhere(revision + path)) {
        isReadable(answer);
        assertThat(answer.status()).as(answer.toString()).isBetween(400, 499);
        assertThat(answer.headers()).as(answer.toString()).doesNotContainKey("x-repo-commit");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "sub/%2e%2e/%2e%2e/secret.txt",
        "sub/..%5c..%5csecret.txt",
        "%2Fetc%2Fpasswd",
        "%2f%2fconfig.json",
        "config.json%00",
        "config.json%00.txt",
        "config.json%0d%0aX-Evil:%201",
        "C:%5Cconfig.json",
        "C:/config.json",
        "%ff%fe",
        "%7F",
        ".git/config",
        "nothing"
      })
  void aPathThatIsNoneIsSaidToBeNone(String path) throws Exception {
    for (var answer : everywhere("step1/" + path)) {
      isReadable(answer);
      assertThat(answer.status()).as(answer.toString()).isBetween(400, 499);
    }
  }

  /** They are taken for folders of the address before anybody looks at it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        "%2e%2e",
        "step1/.",
        "step1/../secret.txt",
        "step1/sub/../../secret.txt",
        "step1/%2e%2e/%2E%2E/%2e./.%2e/etc/passwd",
        "step1/./../../../../../../../etc/passwd"
      })
  void dotsLeadNowhere(String place) throws Exception {
    for (var answer : everywhere(place)) {
      isReadable(answer);
      assertThat(answer.body()).as(answer.toString()).doesNotContain("root:");
    }
  }

  @Test
  void longAddressesAreRefused() throws Exception {
    for (int length : List.of(300, 1_025, 5_000, 60_000)) {
      for (var path :
          List.of("x".repeat(length), "x/".repeat(length / 2), "%41".repeat(length / 3))) {
        for (var answer : everywhere("step1/" + path)) {
          isReadable(answer);
          assertThat(answer.status()).as(answer.request().substring(0, 60)).isBetween(400, 499);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "0", "99999999999999999999", "1e9", "NaN", "", "%00", "1.5", "true", "%ff"})
  void aLimitThatIsNoneLimitsNothing(String limit) throws Exception {
    for (var address :
        List.of(
            repo.api() + "/tree/step1?recursive=true&limit=",
            repo.api() + "/commits/step1?limit=",
            repo.api() + "/commits/step1?p=",
            repo.api() + "/revision/step1?blobs=",
            "/api/models?author=" + repo.project() + "&limit=",
            "/api/datasets?author=" + repo.project() + "&limit=")) {
      var answer = get(address + limit);
      isReadable(answer);
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }
    // Pages without an entry would have no end.
    var listed = get(repo.api() + "/tree/step1?recursive=true&limit=" + limit);
    assertThat(listed.json().size()).as(listed.toString()).isPositive();
  }

  static Stream<String> cursors() {
    return Stream.of(
            "x",
            "====",
            "%00",
            "%ff",
            " ".repeat(3),
            "A".repeat(20_000),
            encoded("\0"),
            encoded("a"),
            encoded("a\u001fb\u001fc"),
            encoded("\u001f"),
            encoded("zzz\u001fzzz"),
            encoded("../\u001f../"),
            encoded("a\0\u001fb"),
            encoded("9999-99-99T00:00:00Z\u001f00000000-0000-0000-0000-000000000000"),
            encoded("+999999999-12-31T00:00:00Z\u001f00000000-0000-0000-0000-000000000000"),
            encoded("2026-01-01T00:00:00Z\u001fx"),
            new PageToken(List.of("sub/zzz", "sub/zzz")).toString(),
            new PageToken(List.of("", "sub/\ud83d\ude00")).toString())
        .map(cursor -> cursor.replace(" ", "%20"));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("cursors")
  void aCursorThatNobodyHandedOutIsHarmless(String cursor) throws Exception {
    for (var address :
        List.of(
            repo.api() + "/tree/step1?cursor=",
            repo.api() + "/tree/step1/sub?recursive=true&cursor=",
            "/api/models?author=" + repo.project() + "&cursor=",
            "/api/datasets?author=" + repo.project() + "&sort=lastModified&cursor=")) {
      var answer = get(address + cursor);
      isReadable(answer);
      assertThat(answer.status()).as(answer.toString()).isIn(200, 400);
      assertThat(answer.header("link")).as(answer.toString()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"paths\":\"config.json\"}",
        "{\"paths\":{}}",
        "{\"paths\":[null]}",
        "{\"paths\":[[\"a\"]]}",
        "{\"paths\":[1]}",
        "{\"paths\":[\"\\u0000\"]}",
        "{\"paths\":[\"\\ud800\"]}",
        "{\"paths\":[\"..\",\"\",\"/\",\"//\"]}",
        "{\"paths\":null,\"expand\":\"x\"}",
        "{\"paths\":[],\"more\":1}",
        "\u0000"
      })
  void pathsThatAreNoneAreLeftOutOrRefused(String body) throws Exception {
    var address = repo.api() + "/paths-info/step1";
    var json = send("POST", address, "application/json", body);
    isReadable(json);
    assertThat(json.status()).as(json.toString()).isIn(200, 400);
    for (var encoded :
        List.of(
            body,
            "paths=" + URLEncoder.encode(body, StandardCharsets.UTF_8),
            "paths=%zz&=&&",
            "&",
            "=",
            "paths",
            "expand=%&paths=%00")) {
      isReadable(send("POST", address, "application/x-www-form-urlencoded", encoded));
    }
    isReadable(send("POST", address, "text/plain", body));
  }

  /** As many as Python may ask for, and one more. */
  @ParameterizedTest
  @CsvSource({"1000,200", "1001,413"})
  void pathsAreCounted(int count, int status) throws Exception {
    var address = repo.api() + "/paths-info/step1";
    var form = "paths=x&".repeat(count - 1) + "paths=config.json&expand=True";
    var json = "{\"paths\":[%s\"config.json\"]}".formatted("\"x\",".repeat(count - 1));
    for (var answer :
        List.of(
            send("POST", address, "application/x-www-form-urlencoded", form),
            send("POST", address, "application/json", json))) {
      isReadable(answer);
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(answer.body().contains("config.json")).isEqualTo(status == 200);
    }
  }

  @Test
  void aFormThatIsTooLongIsRefused() throws Exception {
    var answer =
        send(
            "POST",
            repo.api() + "/paths-info/step1",
            "application/x-www-form-urlencoded",
            "paths=" + "x".repeat(3_100_000));
    isReadable(answer);
    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void whateverIsSentTheAnswerIsReadable() throws Exception {
    var random = new Random(20_26);
    for (int i = 0; i < 150; i++) {
      var place = encodedSomehow(random, Hostile.text(random));
      var beginnings =
          List.of(
              repo.api() + "/tree/" + place,
              repo.api() + "/tree/step1/" + place,
              repo.api() + "/revision/" + place,
              repo.resolve(place),
              repo.resolve("step1/" + place),
              "/api/models/" + place + "/run",
              "/api/models/" + repo.project() + "/" + place,
              "/datasets/" + place + "/x/resolve/main/a",
              "/api/models?search=" + place,
              "/api/models?filter=" + place + "&sort=" + place + "&author=" + place,
              repo.api() + "/tree/step1?cursor=" + place + "&expand=" + place,
              repo.api() + "/refs?include_prs=" + place);
      isReadable(get(beginnings.get(random.nextInt(beginnings.size()))));
    }
  }

  /** As clients encode it, or as those do that do not know how. */
  private static String encodedSomehow(Random random, String text) {
    return switch (random.nextInt(3)) {
      case 0 -> URLEncoder.encode(text, StandardCharsets.UTF_8);
      case 1 ->
          URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
      default -> text.replaceAll("[^!-~]|[?#]", "");
    };
  }
}
