package org.cairn.storage.s3;

import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.messages.Part;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.PartInfo;
import org.jspecify.annotations.Nullable;

/** Uploads in parts. */
final class S3Multiparts {

  private final S3Clients clients;

  S3Multiparts(S3Clients clients) {
    this.clients = clients;
  }

  MultipartUpload start(ObjectKey key, String contentType) {
    var args =
        CreateMultipartUploadArgs.builder()
            .bucket(clients.bucket())
            .object(key.value())
            .headers(new Http.Headers("Content-Type", contentType))
            .build();
    var response =
        S3Calls.await(
            "start upload of " + key, () -> clients.service().createMultipartUpload(args));
    return new MultipartUpload(key, response.result().uploadId());
  }

  String presign(MinioAsyncClient signer, MultipartUpload upload, int number, Duration life) {
    var args =
        GetPresignedObjectUrlArgs.builder()
            .method(Http.Method.PUT)
            .bucket(clients.bucket())
            .object(upload.key().value())
            .expiry(Math.toIntExact(life.toSeconds()))
            .extraQueryParams(
                Map.of("uploadId", upload.id(), "partNumber", Integer.toString(number)))
            .build();
    return S3Calls.run(
        "sign part " + number + " of " + upload.key(), () -> signer.getPresignedObjectUrl(args));
  }

  /**
   * Sends a part to a URL that it signs itself: only so can the bytes stream through, since the
   * client wants to have hashed a body before it sends the first byte.
   */
  PartInfo put(MultipartUpload upload, int number, InputStream bytes, long size)
      throws IOException {
    var what = "put part " + number + " of " + upload.key();
    var source = new Source(bytes);
    var request =
        new Request.Builder()
            .url(presign(clients.service(), upload, number, Duration.ofHours(1)))
            .put(new StreamedBody(source, size))
            .build();
    try (var response = clients.plain().newCall(request).execute();
        var body = response.body().byteStream()) {
      if (!response.isSuccessful()) {
        throw S3Listings.refused(what, response.code(), body);
      }
      var etag = response.header("ETag", "");
      return new PartInfo(number, size, S3Listings.unquoted(etag == null ? "" : etag));
    } catch (IOException e) {
      if (source.failure != null) {
        throw source.failure;
      }
      throw S3Calls.fault(what, e);
    }
  }

  void complete(MultipartUpload upload, List<PartInfo> parts) {
    var args =
        CompleteMultipartUploadArgs.builder()
            .bucket(clients.bucket())
            .object(upload.key().value())
            .uploadId(upload.id())
            .extraHeaders(Map.of("If-None-Match", "*"))
            .parts(
                parts.stream()
                    .map(part -> new Part(part.number(), part.etag()))
                    .toArray(Part[]::new))
            .build();
    var _ =
        S3Calls.await(
            "complete upload of " + upload.key(),
            () -> clients.service().completeMultipartUpload(args));
  }

  void abort(MultipartUpload upload) {
    var args =
        AbortMultipartUploadArgs.builder()
            .bucket(clients.bucket())
            .object(upload.key().value())
            .uploadId(upload.id())
            .build();
    var _ =
        S3Calls.awaitOrNull(
            "abort upload of " + upload.key(), () -> clients.service().abortMultipartUpload(args));
  }

  /** Remembers that reading failed: to OkHttp that looks like a failure of the connection. */
  private static final class Source extends FilterInputStream {
    private @Nullable IOException failure;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private static final class StreamedBody extends RequestBody {
    private final Source source;
    private final long size;

    StreamedBody(Source source, long size) {
      this.source = source;
      this.size = size;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return size;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      try {
        sink.write(Okio.source(source), size);
      } catch (java.io.EOFException e) {
        source.failure = e;
        throw e;
      }
    }
  }
}
