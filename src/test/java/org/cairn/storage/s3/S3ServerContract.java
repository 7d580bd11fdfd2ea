package org.cairn.storage.s3;

import java.nio.file.Path;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What {@link S3ObjectStore} does with the server of one make, which is another program. */
@Tag("conformance")
abstract class S3ServerContract extends S3StoreContract {

  private final S3Server.Make make;
  private S3Server server;

  S3ServerContract(S3Server.Make make) {
    this.make = make;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(make, folder);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return TestBucket.of(server);
  }
}
