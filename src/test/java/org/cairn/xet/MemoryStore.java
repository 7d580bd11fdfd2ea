package org.cairn.xet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.cairn.storage.ByteRange;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.PartInfo;

/** As much of an object store as pieces need, in memory: uploads have one part. */
final class MemoryStore {

  final Map<ObjectKey, byte[]> objects = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
  final Map<MultipartUpload, byte[]> uploads = new HashMap<>();

  ObjectStore store() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (_, method, a) ->
                switch (method.getName()) {
                  case "stat" ->
                      Optional.ofNullable(objects.get((ObjectKey) a[0]))
                          .map(bytes ->
                              new ObjectInfo(
                                  (ObjectKey) a[0], bytes.length, "e", Instant.EPOCH, null));
                  case "open" ->
                      a.length == 1
                          ? open((ObjectKey) a[0])
                          : open((ObjectKey) a[0], (ByteRange) a[1]);
                  case "putIfAbsent" -> put((ObjectKey) a[0], (byte[]) a[1]);
                  case "delete" -> objects.keySet().removeAll((Collection<?>) a[0]);
                  case "startMultipart" -> start((ObjectKey) a[0]);
                  case "putPart" -> part((MultipartUpload) a[0], (InputStream) a[2], (long) a[3]);
                  case "completeMultipart" -> complete((MultipartUpload) a[0]);
                  case "abortMultipart" -> uploads.remove((MultipartUpload) a[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private InputStream open(ObjectKey key) {
    var bytes = objects.get(key);
    if (bytes == null) {
      throw new ObjectStoreException(Kind.NOT_FOUND, "no " + key, null);
    }
    return new ByteArrayInputStream(bytes);
  }

  private InputStream open(ObjectKey key, ByteRange range) throws IOException {
    var stream = open(key);
    stream.skipNBytes(range.offset());
    return new ByteArrayInputStream(stream.readNBytes((int) range.length()));
  }

  private boolean put(ObjectKey key, byte[] bytes) {
    if (objects.putIfAbsent(key, bytes) != null) {
      throw new ObjectStoreException(Kind.EXISTS, "there is a " + key, null);
    }
    return true;
  }

  private MultipartUpload start(ObjectKey key) {
    var upload = new MultipartUpload(key, UUID.randomUUID().toString());
    uploads.put(upload, new byte[0]);
    return upload;
  }

  private PartInfo part(MultipartUpload upload, InputStream in, long size) throws IOException {
    var bytes = in.readNBytes((int) size);
    uploads.put(upload, Arrays.copyOf(bytes, bytes.length));
    return new PartInfo(1, size, "e");
  }

  private boolean complete(MultipartUpload upload) {
    var bytes = uploads.get(upload);
    if (bytes == null) {
      throw new ObjectStoreException(Kind.NOT_FOUND, "no " + upload, null);
    }
    boolean put = put(upload.key(), bytes);
    uploads.remove(upload);
    return put;
  }
}
