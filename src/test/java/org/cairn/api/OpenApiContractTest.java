package org.cairn.api;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

/** The contract that is served is the one that is committed and reviewed. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class OpenApiContractTest {

  @Test
  void isTheCommittedContract() throws Exception {
    var served = get("/q/openapi").then().statusCode(200).extract().asString();
    if (Boolean.getBoolean("openapi.update")) {
      Files.createDirectories(Contract.FILE.getParent());
      Files.writeString(Contract.FILE, served);
    }
    assertThat(served)
        .as("run ./mvnw test -Dtest=OpenApiContractTest -Dopenapi.update=true and read the change")
        .isEqualTo(Files.readString(Contract.FILE));
  }
}
