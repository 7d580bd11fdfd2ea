package org.cairn.storage.s3;

import java.nio.file.Path;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("conformance")
class CephRgwIT extends S3StoreContract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = S3Server.start(S3Server.Make.CEPH, folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  TestBucket bucket() {
    return TestBucket.of(server);
  }

  /** It completes an upload over an object that is there. */
  @Override
  protected boolean completesConditionally() {
    return false;
  }

  /** It says that somebody else is at it; whoever tries again lists the parts first. */
  @Override
  protected Kind completionOfNothing() {
    return Kind.UNAVAILABLE;
  }
}
