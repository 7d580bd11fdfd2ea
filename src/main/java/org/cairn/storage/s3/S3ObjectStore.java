package org.cairn.storage.s3;

import io.minio.BucketExistsArgs;
import io.minio.DeleteObjectsArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MakeBucketArgs;
import io.minio.PutObjectAPIArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.messages.DeleteRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairn.storage.ByteRange;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.PartInfo;
import org.cairn.storage.Presentation;
import org.cairn.storage.StaleMultipart;

/** {@link ObjectStore} over the S3 protocol. */
final class S3ObjectStore implements ObjectStore {

  /** Most keys of one delete request: the limit of S3. */
  private static final int DELETE_BATCH = 1_000;

  private static final String FIRST_REGION = "us-east-1";

  private final S3Clients clients;
  private final S3Multiparts multiparts;
  private final S3Listings listings;
  private final S3Reads reads;

  S3ObjectStore(S3Clients clients) {
    this.clients = clients;
    this.multiparts = new S3Multiparts(clients);
    this.listings = new S3Listings(clients);
    this.reads = new S3Reads(clients);
  }

  /** Whether the bucket is there; creates it when it is not and {@code create} says so. */
  boolean bucketExists(boolean create) {
    var bucket = clients.bucket();
    var exists =
        S3Calls.await(
            "look for bucket " + bucket,
            () ->
                clients.service().bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    if (exists || !create) {
      return exists;
    }
    try {
      createBucket(MakeBucketArgs.builder().bucket(bucket).build());
      return true;
    } catch (ObjectStoreException e) {
      // Another replica may have been faster.
      if (bucketExists(false)) {
        return true;
      }
      throw e;
    }
  }

  private void createBucket(MakeBucketArgs args) {
    var what = "create bucket " + args.bucket();
    if (!clients.region().equals(FIRST_REGION)) {
      var _ = S3Calls.await(what, () -> clients.service().makeBucket(args));
      return;
    }
    // The client names the region, which S3 refuses for this one.
    var request =
        clients.signed(
            what,
            Http.S3Request.builder().method(Http.Method.PUT).args(args).body(Http.EMPTY_BODY));
    try (var response = clients.retrying().newCall(request).execute();
        var body = response.body().byteStream()) {
      if (!response.isSuccessful()) {
        throw S3Listings.refused(what, response.code(), body);
      }
    } catch (IOException e) {
      throw S3Calls.fault(what, e);
    }
  }

  @Override
  public void putIfAbsent(ObjectKey key, byte[] bytes, String contentType) {
    if (bytes.length > MAX_SMALL) {
      throw new IllegalArgumentException("too large to be sent in one piece: " + bytes.length);
    }
    // The lower of the client's two ways to put: the other one adds a second checksum header to
    // conditional requests.
    var args =
        PutObjectAPIArgs.builder()
            .bucket(clients.bucket())
            .object(key.value())
            .data(bytes, bytes.length)
            .contentType(contentType)
            .headers(new Http.Headers("If-None-Match", "*"))
            .build();
    var _ = S3Calls.await("put " + key, () -> clients.service().putObject(args));
  }

  @Override
  public InputStream open(ObjectKey key) {
    return reads.open(key, null);
  }

  @Override
  public InputStream open(ObjectKey key, ByteRange range) {
    return reads.open(key, range);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    var args = StatObjectArgs.builder().bucket(clients.bucket()).object(key.value()).build();
    var found = S3Calls.awaitOrNull("stat " + key, () -> clients.service().statObject(args));
    return Optional.ofNullable(found)
        .map(info ->
            new ObjectInfo(
                key,
                info.size(),
                info.etag(),
                info.lastModified().toInstant(),
                info.contentType()));
  }

  @Override
  public Stream<ObjectInfo> list(ObjectKey folder) {
    return listings.objects(folder);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    var all = List.copyOf(keys);
    if (all.size() == 1) {
      var args =
          RemoveObjectArgs.builder()
              .bucket(clients.bucket())
              .object(all.getFirst().value())
              .build();
      var _ =
          S3Calls.awaitOrNull(
              "delete " + all.getFirst(), () -> clients.service().removeObject(args));
      return;
    }
    for (int from = 0; from < all.size(); from += DELETE_BATCH) {
      deleteBatch(all.subList(from, Math.min(from + DELETE_BATCH, all.size())));
    }
  }

  private void deleteBatch(List<ObjectKey> keys) {
    var objects = new ArrayList<DeleteRequest.Object>(keys.size());
    keys.forEach(key -> objects.add(new DeleteRequest.Object(key.value())));
    var args =
        DeleteObjectsArgs.builder().bucket(clients.bucket()).quiet(true).objects(objects).build();
    var what = "delete " + keys.size() + " objects";
    var response = S3Calls.await(what, () -> clients.service().deleteObjects(args));
    for (var error : response.result().errors()) {
      var failure =
          S3Calls.fault(what, 0, error.code(), error.objectName() + " " + error.message(), null);
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
  }

  @Override
  public URI presignGet(ObjectKey key, Duration life, Presentation presentation) {
    var args =
        GetPresignedObjectUrlArgs.builder()
            .method(Http.Method.GET)
            .bucket(clients.bucket())
            .object(key.value())
            .expiry(Math.toIntExact(life.toSeconds()))
            .extraQueryParams(
                Map.of(
                    "response-content-type", presentation.contentType(),
                    "response-content-disposition", presentation.contentDisposition()))
            .build();
    return URI.create(
        S3Calls.run("sign " + key, () -> clients.signer().getPresignedObjectUrl(args)));
  }

  @Override
  public MultipartUpload startMultipart(ObjectKey key, String contentType) {
    return multiparts.start(key, contentType);
  }

  @Override
  public URI presignPart(MultipartUpload upload, int number, Duration life) {
    return URI.create(multiparts.presign(clients.signer(), upload, number, life));
  }

  @Override
  public PartInfo putPart(MultipartUpload upload, int number, InputStream bytes, long size)
      throws IOException {
    return multiparts.put(upload, number, bytes, size);
  }

  @Override
  public List<PartInfo> listParts(MultipartUpload upload) {
    return listings.parts(upload);
  }

  @Override
  public void completeMultipart(MultipartUpload upload, List<PartInfo> parts) {
    multiparts.complete(upload, parts);
  }

  @Override
  public void abortMultipart(MultipartUpload upload) {
    multiparts.abort(upload);
  }

  @Override
  public Stream<StaleMultipart> listMultiparts(ObjectKey folder) {
    return listings.multiparts(folder);
  }
}
