package org.cairn.storage.s3;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.PeerProcess;

/** An S3 server of another make. */
record S3Server(PeerProcess process, int port) implements AutoCloseable {

  static final String ACCESS_KEY = "contract-access";
  static final String SECRET_KEY = "contract-secret";

  /** The words that a server is started with, after its name. */
  interface CommandLine {
    List<String> of(String address, Path data);
  }

  static S3Server start(
      String name, Path folder, Map<String, String> environment, CommandLine command)
      throws Exception {
    int port = PeerProcess.freePort();
    var data = Files.createDirectories(folder.resolve("data"));
    var words = command.of("127.0.0.1:" + port, data);
    return new S3Server(PeerProcess.start(name, folder, port, environment, words), port);
  }

  TestBucket bucket() {
    return TestBucket.at("http://127.0.0.1:" + port, ACCESS_KEY, SECRET_KEY);
  }

  @Override
  public void close() {
    process.close();
  }
}
