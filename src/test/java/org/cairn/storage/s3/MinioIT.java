package org.cairn.storage.s3;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("conformance")
class MinioIT extends S3StoreContract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server =
        S3Server.start(
            "minio",
            folder,
            Map.of(
                "MINIO_ROOT_USER", S3Server.ACCESS_KEY, "MINIO_ROOT_PASSWORD", S3Server.SECRET_KEY),
            (address, data) -> List.of("server", "--address", address, data.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return server.bucket();
  }

  /** MinIO lists those of a whole key only; it drops abandoned ones by itself, after a day. */
  @Override
  protected boolean listsUploadsOfFolders() {
    return false;
  }
}
