package org.cairn.access;

import static io.restassured.RestAssured.given;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.cairn.testsupport.Api;

/** Who asks, in tests, and the services that are asked. */
public final class Callers {

  /** Long enough, and nobody else's. */
  public static final String ADMIN = "hf_" + "tests-have-an-administrator-of-their-own";

  private Callers() {}

  /** Everybody reads, and who writes brings a token. */
  public static final class OpenToRead implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.access.anonymous", "read", "cairn.access.admin-token", ADMIN);
    }
  }

  /** As without configuration, but with an administrator. */
  public static final class OpenToWrite implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.access.admin-token", ADMIN);
    }
  }

  /** Nobody does anything without a token. */
  public static final class Closed implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.access.anonymous", "none", "cairn.access.admin-token", ADMIN);
    }
  }

  /** A request with this token; an empty one is none. */
  public static RequestSpecification as(String token) {
    var request = given().urlEncodingEnabled(false).redirects().follow(false);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  /** The secret of a new token; {@code fields} are the JSON of what it may. */
  public static String token(String fields) {
    return as(ADMIN)
        .contentType(ContentType.JSON)
        .body("{\"name\":\"%s\",%s}".formatted(Api.unique("token"), fields))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .path("secret");
  }

  static String with(String role, String project) {
    return token("\"grants\":[{\"project\":\"%s\",\"role\":\"%s\"}]".formatted(project, role));
  }

  /** Lets all requests of this block be the administrator's, also those that other classes make. */
  public static <E extends Exception> void asAdministrator(Work<E> work) throws E {
    RestAssured.requestSpecification =
        new RequestSpecBuilder().addHeader("Authorization", "Bearer " + ADMIN).build();
    try {
      work.run();
    } finally {
      RestAssured.requestSpecification = null;
    }
  }

  /** What the administrator does. */
  public interface Work<E extends Exception> {
    void run() throws E;
  }
}
