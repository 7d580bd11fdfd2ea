package org.cairn.bench;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.UploadObjectArgs;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The object store without Cairn: the floor of transfers. */
final class RawStore implements AutoCloseable {

  static final String BUCKET = "cairn";

  private static final String OBJECT = "bench/raw";
  private static final long PART = 16 << 20;
  private static final int AT_ONCE = 4;
  private static final int LIFE_SECONDS = 3600;

  private final MinioClient client;
  private final Http http;

  RawStore(URI endpoint, String accessKey, String secretKey, Http http) {
    this.client =
        MinioClient.builder()
            .endpoint(endpoint.toString())
            .region("us-east-1")
            .credentials(accessKey, secretKey)
            .build();
    this.http = http;
  }

  /** The client's own multipart upload, with the part size and the concurrency that Cairn uses. */
  Meter.Measured upload(Meter meter, Payload payload) throws Exception {
    var measured =
        meter.measure(() ->
            client.uploadObject(
                UploadObjectArgs.builder()
                    .bucket(BUCKET)
                    .object(OBJECT)
                    .filename(payload.file().toString(), PART)
                    .parallelUploads(AT_ONCE)
                    .build()));
    delete(OBJECT);
    return measured;
  }

  /** One presigned PUT of the whole. */
  Meter.Measured put(Meter meter, Payload payload) throws Exception {
    var address = presign(OBJECT, io.minio.Http.Method.PUT);
    try (var channel = FileChannel.open(payload.file(), StandardOpenOption.READ)) {
      var measured =
          meter.measure(() -> http.put(address, FileSlice.of(channel, 0, payload.size())));
      delete(OBJECT);
      return measured;
    }
  }

  URI presignedGet(String key) throws Exception {
    return presign(key, io.minio.Http.Method.GET);
  }

  void delete(String key) throws Exception {
    client.removeObject(RemoveObjectArgs.builder().bucket(BUCKET).object(key).build());
  }

  private URI presign(String key, io.minio.Http.Method method) throws Exception {
    return URI.create(
        client.getPresignedObjectUrl(
            GetPresignedObjectUrlArgs.builder()
                .method(method)
                .bucket(BUCKET)
                .object(key)
                .expiry(LIFE_SECONDS)
                .build()));
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
