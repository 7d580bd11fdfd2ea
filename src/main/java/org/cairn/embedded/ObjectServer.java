package org.cairn.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy over a folder: a bucket is a folder in it, an object a file. */
final class ObjectServer implements AutoCloseable {

  private final S3Proxy proxy;

  private ObjectServer(S3Proxy proxy) {
    this.proxy = proxy;
  }

  static ObjectServer start(DataFolder folder, Credentials credentials, int wantedPort)
      throws Exception {
    Files.createDirectories(folder.objects(), DataFolder.ownerOnly(folder.objects()));
    var loopback = Ports.address("127.0.0.1");
    int port = wantedPort > 0 && Ports.isFree(loopback, wantedPort) ? wantedPort : 0;
    var proxy =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(
                AuthenticationType.AWS_V2_OR_V4, credentials.accessKey(), credentials.secretKey())
            .blobStore(
                new RoomyBlobStore(
                    new FilesystemNio2BlobStore(folder.objects().toString()), folder.objects()))
            // Pages from elsewhere may follow a signed link; the signature is what permits.
            .corsRules(
                new CrossOriginResourceSharing(
                    List.of("*"),
                    List.of("GET", "HEAD", "PUT"),
                    List.of("*"),
                    List.of("ETag", "Content-Range", "Accept-Ranges"),
                    ""))
            .ignoreUnknownHeaders(true)
            .jettyMaxThreads(32)
            .build();
    proxy.start();
    return new ObjectServer(proxy);
  }

  int port() {
    return proxy.getPort();
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("the S3 server did not stop", e);
    }
  }
}
