package org.cairn.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class KnownQueriesTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/projects?pagesize=5, pagesize, pageSize",
    "/v1/projects/p/runs/r/checkpoints?stepfrom=1, stepfrom, stepFrom",
    "/v1/projects/p/runs/r/findings?clas=x, clas, class",
    "/v1/projects/p?pageSize=5, pageSize, no query parameters",
  })
  void refusesWhatAnOperationDoesNotHave(String address, String field, String hint) {
    given()
        .get(address)
        .then()
        .statusCode(400)
        .contentType(Problem.MEDIA_TYPE)
        .body("violations[0].field", is(field))
        .body("violations[0].message", containsString(hint));
  }

  @Test
  void takesWhatItHas() {
    given().get("/v1/projects?pageSize=5").then().statusCode(200);
  }
}
