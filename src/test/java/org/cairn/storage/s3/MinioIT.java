package org.cairn.storage.s3;

import java.nio.file.Path;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("conformance")
class MinioIT extends S3StoreContract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(S3Server.Make.MINIO, folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return TestBucket.of(server);
  }

  /** MinIO lists those of a whole key only; it drops abandoned ones by itself, after a day. */
  @Override
  protected boolean listsUploadsOfFolders() {
    return false;
  }
}
