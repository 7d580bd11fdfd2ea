package org.cairn.storage.s3;

import java.nio.file.Path;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("conformance")
class VersitygwIT extends S3StoreContract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(S3Server.Make.VERSITYGW, folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return TestBucket.of(server);
  }

  /** It lists such a part with the size that was announced; verification finds that out. */
  @Override
  protected boolean noticesTruncatedParts() {
    return false;
  }
}
