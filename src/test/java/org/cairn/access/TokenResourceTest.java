package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.access.Callers.ADMIN;
import static org.cairn.access.Callers.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: made once, shown once, and worth nothing when they are over. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Callers.OpenToRead.class)
class TokenResourceTest {

  @Inject DataSource database;

  private static Response make(String token, String body) {
    return as(token).contentType(ContentType.JSON).body(body).post("/v1/tokens");
  }

  private static String body(String name) {
    return "{\"name\":\"%s\",\"grants\":[{\"project\":\"glyph\",\"role\":\"writer\"}]}"
        .formatted(name);
  }

  @Test
  void aTokenIsShownOnceAndStoredNowhere() throws Exception {
    var name = Api.unique("t");
    String secret;
    String logged;
    try (var lines = new LogLines()) {
      var made = make(ADMIN, body(name)).then().statusCode(201).extract();
      assertThat(made.header("Cache-Control")).isEqualTo("no-store");
      secret = made.path("secret");
      assertThat(secret).matches("hf_[0-9A-Za-z]{40}");
      var list = as(ADMIN).get("/v1/tokens?pageSize=500").then().statusCode(200).extract();
      assertThat(list.asString()).contains(name).doesNotContain(secret).doesNotContain("secret");
      as(secret).get("/v1/projects").then().statusCode(200);
      as(secret).get("/v1/tokens").then().statusCode(403);
      as(ADMIN).delete("/v1/tokens/" + name).then().statusCode(204);
      as(secret).get("/v1/projects").then().statusCode(401);
      logged = lines.all();
    }
    assertThat(logged).doesNotContain(secret).doesNotContain(ADMIN);
    assertThat(logged)
        .contains("made token " + name, "revoked token " + name, "by administrator")
        .contains("refused FORBIDDEN: GET /v1/tokens to " + name)
        .contains("refused BAD_TOKEN: GET /v1/projects to anonymous");
    assertThat(rows("select t::text from access_token t")).noneMatch(row -> row.contains(secret));
    assertThat(rows("select t::text from idempotency t")).noneMatch(row -> row.contains(secret));
  }

  @Test
  void theNameOfARevokedTokenIsFreeAgain() {
    var name = Api.unique("t");
    make(ADMIN, body(name)).then().statusCode(201);
    Api.refused(make(ADMIN, body(name.toUpperCase(java.util.Locale.ROOT))), 409, "conflict");
    as(ADMIN).delete("/v1/tokens/" + name).then().statusCode(204);
    Api.refused(as(ADMIN).delete("/v1/tokens/" + name), 404, "not-found");
    make(ADMIN, body(name)).then().statusCode(201);
  }

  @Test
  void anExpiredTokenIsNone() throws Exception {
    var until = Instant.ofEpochMilli(System.currentTimeMillis() + 1_500);
    var secret =
        Callers.token(
            "\"grants\":[{\"project\":\"*\",\"role\":\"reader\"}],\"expiresAt\":\"%s\""
                .formatted(until));
    as(secret).get("/v1/projects").then().statusCode(200);
    Thread.sleep(1_700);
    var answer = as(secret).get("/v1/projects");
    Api.refused(answer, 401, "unauthenticated");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    as(secret).get("/api/whoami-v2").then().statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer hf_x",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "hf_0123456789012345678901234567890123456789",
        "Bearer a b",
        "Bearer hf_0123456789012345678901234567890123456789"
      })
  void whatIsNoTokenIsRefused(String authorization) {
    Api.refused(
        as("").header("Authorization", authorization).get("/v1/projects"), 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"x\"}",
        "{\"name\":\"x\",\"grants\":[]}",
        "{\"name\":\"x\",\"administrator\":true,\"grants\":[{\"project\":\"a\",\"role\":\"reader\"}]}",
        "{\"name\":\"Administrator\",\"administrator\":true}",
        "{\"name\":\"a b\",\"administrator\":true}",
        "{\"name\":\"x\",\"grants\":[{\"project\":\"a/b\",\"role\":\"reader\"}]}",
        "{\"name\":\"x\",\"grants\":[{\"project\":\"a\",\"role\":\"owner\"}]}",
        "{\"name\":\"x\",\"administrator\":true,\"expiresAt\":\"2020-01-01T00:00:00Z\"}"
      })
  void aTokenThatMakesNoSenseIsRefused(String body) {
    assertThat(make(ADMIN, body).statusCode()).as(body).isEqualTo(400);
  }

  @Test
  void onlyAdministratorsMakeTokens() {
    Api.refused(make("", body("x")), 401, "unauthenticated");
    var writer = Callers.token("\"grants\":[{\"project\":\"*\",\"role\":\"writer\"}]");
    Api.refused(make(writer, body("x")), 403, "forbidden");
    var other = Callers.token("\"administrator\":true");
    make(other, body(Api.unique("t"))).then().statusCode(201);
    Api.refused(as(writer).get("/v1/jobs"), 403, "forbidden");
    as(other).get("/v1/jobs").then().statusCode(200);
  }

  @Test
  void whoamiNamesTheTokenAndWhetherItWrites() {
    var reader = Callers.token("\"grants\":[{\"project\":\"a\",\"role\":\"reader\"}]");
    var answer = as(reader).get("/api/whoami-v2").then().statusCode(200).extract();
    assertThat(answer.<String>path("name")).startsWith("token-");
    assertThat(answer.<String>path("type")).isEqualTo("user");
    assertThat(answer.<String>path("auth.accessToken.role")).isEqualTo("read");
    assertThat(as(ADMIN).get("/api/whoami-v2").<String>path("auth.accessToken.role"))
        .isEqualTo("write");
    var unknown = as("hf_unknown").get("/api/whoami-v2");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.<String>path("error"))
        .isEqualTo("Invalid credentials in Authorization header");
  }

  @Test
  void uploadsAreListedForWhoOpenedThem() {
    var one = Callers.with("writer", "one");
    var other = Callers.with("writer", "other");
    var id =
        as(one)
            .contentType(ContentType.JSON)
            .body(
                "{\"sha256\":\"%s\",\"size\":7}"
                    .formatted(
                        org.cairn.platform.Sha256.of(
                            Api.unique("u").getBytes(java.nio.charset.StandardCharsets.UTF_8))))
            .post("/v1/uploads")
            .then()
            .statusCode(201)
            .extract()
            .<String>path("id");
    assertThat(ids(one)).contains(id);
    assertThat(ids(ADMIN)).contains(id);
    assertThat(ids(other)).doesNotContain(id);
    as("").get("/v1/uploads").then().statusCode(401);
    as(Callers.with("reader", "one")).get("/v1/uploads/" + id).then().statusCode(403);
    as(other).get("/v1/uploads/" + id).then().statusCode(200);
  }

  private static List<String> ids(String token) {
    return as(token).get("/v1/uploads?pageSize=500").jsonPath().getList("items.id");
  }

  private List<String> rows(String sql) throws Exception {
    try (var connection = database.getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /** All that is logged, at any level that is. */
  private static final class LogLines extends Handler implements AutoCloseable {
    private final PatternFormatter format = new PatternFormatter("%m %e");
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    LogLines() {
      Logger.getLogger("").addHandler(this);
    }

    String all() {
      return String.join("\n", lines);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(format.format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      Logger.getLogger("").removeHandler(this);
    }
  }
}
