package org.cairn.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.path.json.JsonPath;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Collections and passes, as an operator has them made who has no time for grace. */
final class Storage {

  /** A registry of its own, where nothing is kept for longer than somebody names it. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.gc.grace", "PT0S", "cairn.scrub.rate", "0");
    }
  }

  private final DataSource database;

  Storage(DataSource database) {
    this.database = database;
  }

  void sql(String statement, Object... values) {
    try (var connection = database.getConnection();
        var prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.length; i++) {
        prepared.setObject(i + 1, values[i]);
      }
      prepared.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long count(String query, Object... values) {
    try (var connection = database.getConnection();
        var prepared = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        prepared.setObject(i + 1, values[i]);
      }
      try (var rows = prepared.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new plan, once it can be read. */
  static JsonPath plan() {
    var id = given().post("/v1/gc/plans").then().statusCode(201).extract().<String>path("id");
    return await("/v1/gc/plans/" + id, Set.of("waiting", "done"));
  }

  static JsonPath approve(JsonPath plan) {
    var address = "/v1/gc/plans/" + plan.getString("id");
    if (plan.getString("state").equals("waiting")) {
      given().post(address + "/approve").then().statusCode(202);
    }
    return await(address, Set.of("done", "cancelled"));
  }

  /** Makes a plan and has it carried out. */
  static JsonPath collect() {
    return approve(plan());
  }

  static List<Map<String, Object>> items(JsonPath plan) {
    return given()
        .get("/v1/gc/plans/" + plan.getString("id") + "/items?pageSize=1000")
        .then()
        .statusCode(200)
        .extract()
        .path("items");
  }

  /** Reads everything that is stored. */
  static JsonPath scrub() {
    var id = given().post("/v1/scrubs").then().statusCode(201).extract().<String>path("id");
    return await("/v1/scrubs/" + id, Set.of("done", "cancelled"));
  }

  static JsonPath await(String address, Set<String> states) {
    return await(
        () -> given().get(address).then().statusCode(200).extract().jsonPath(),
        view -> states.contains(view.getString("state")));
  }

  static <T> T await(Supplier<T> question, java.util.function.Predicate<T> answer) {
    var end = System.nanoTime() + 30_000_000_000L;
    while (true) {
      var value = question.get();
      if (answer.test(value)) {
        return value;
      }
      assertThat(System.nanoTime()).as("still %s", value).isLessThan(end);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
