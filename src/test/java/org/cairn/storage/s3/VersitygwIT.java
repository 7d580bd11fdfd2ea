package org.cairn.storage.s3;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("conformance")
class VersitygwIT extends S3StoreContract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server =
        S3Server.start(
            "versitygw",
            folder,
            Map.of("ROOT_ACCESS_KEY", S3Server.ACCESS_KEY, "ROOT_SECRET_KEY", S3Server.SECRET_KEY),
            (address, data) -> List.of("--port", address, "posix", data.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return server.bucket();
  }

  /** It lists such a part with the size that was announced; verification finds that out. */
  @Override
  protected boolean noticesTruncatedParts() {
    return false;
  }
}
