package org.cairn.access;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;

/** Where whoever has no token reads and writes what is public. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Callers.OpenToWrite.class)
class AccessWriteTest extends AccessMatrix {

  @Override
  List<Integer> anonymousWrites() {
    return List.of(200, 404, 404);
  }

  @Override
  int foreignWrites() {
    return 200;
  }
}
