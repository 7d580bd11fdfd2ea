package org.cairn.storage.s3;

import io.minio.BucketArgs;
import io.minio.Http;
import io.minio.ListMultipartUploadsArgs;
import io.minio.ListObjectsV2Args;
import io.minio.ListPartsArgs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.cairn.storage.PartInfo;
import org.cairn.storage.StaleMultipart;
import org.jspecify.annotations.Nullable;

/** Listings, page after page. The client signs them; {@link S3Xml} reads them. */
final class S3Listings {

  private static final int ERROR_MAX = 64 << 10;

  /** One page, and the query of the next where there is one. */
  private record Page<T>(List<T> items, Http.@Nullable QueryParameters next) {}

  private final S3Clients clients;

  S3Listings(S3Clients clients) {
    this.clients = clients;
  }

  List<PartInfo> parts(MultipartUpload upload) {
    var parts = allParts(upload);
    // Some stores list no parts of an upload that they do not know instead of saying so.
    if (parts.isEmpty() && !isKnown(upload)) {
      throw new ObjectStoreException(Kind.NOT_FOUND, "no upload " + upload, null);
    }
    return parts;
  }

  private boolean isKnown(MultipartUpload upload) {
    try (var unfinished = multiparts(upload.key().value(), key -> key.equals(upload.key()))) {
      return unfinished.anyMatch(stale -> stale.upload().equals(upload));
    }
  }

  private List<PartInfo> allParts(MultipartUpload upload) {
    var args =
        ListPartsArgs.builder()
            .bucket(clients.bucket())
            .object(upload.key().value())
            .uploadId(upload.id())
            .build();
    var first = new Http.QueryParameters("uploadId", upload.id(), "max-parts", "1000");
    return pages(
            first,
            query -> {
              var xml = fetch("list parts of " + upload.key(), args, query, "Part");
              var next = new Http.QueryParameters(first);
              next.put("part-number-marker", xml.field("NextPartNumberMarker"));
              return page(xml, S3Listings::part, next);
            })
        .sorted(Comparator.comparingInt(PartInfo::number))
        .toList();
  }

  Stream<ObjectInfo> objects(ObjectKey folder) {
    var args = ListObjectsV2Args.builder().bucket(clients.bucket()).build();
    var first =
        new Http.QueryParameters(
            "list-type", "2", "prefix", folder + "/", "encoding-type", "url", "max-keys", "1000");
    return pages(
            first,
            query -> {
              var xml = fetch("list " + folder, args, query, "Contents");
              var next = new Http.QueryParameters(first);
              next.put("continuation-token", xml.field("NextContinuationToken"));
              return page(xml, item -> object(xml, item), next);
            })
        .flatMap(Optional::stream);
  }

  Stream<StaleMultipart> multiparts(ObjectKey folder) {
    return multiparts(folder + "/", key -> key.value().startsWith(folder + "/"));
  }

  /** The filter repeats the prefix, which not every store heeds here. */
  private Stream<StaleMultipart> multiparts(String prefix, Predicate<ObjectKey> filter) {
    var args = ListMultipartUploadsArgs.builder().bucket(clients.bucket()).build();
    // Without encoding-type, which Ceph heeds here and does not say that it did.
    var first = new Http.QueryParameters("uploads", "", "prefix", prefix, "max-uploads", "1000");
    return pages(
            first,
            query -> {
              var xml = fetch("list uploads below " + prefix, args, query, "Upload");
              var next = new Http.QueryParameters(first);
              next.put("key-marker", decoded(xml, xml.field("NextKeyMarker")));
              next.put("upload-id-marker", xml.field("NextUploadIdMarker"));
              return page(xml, item -> multipart(xml, item), next);
            })
        .flatMap(Optional::stream)
        .filter(stale -> filter.test(stale.upload().key()));
  }

  private static <T> Stream<T> pages(
      Http.QueryParameters first, Function<Http.QueryParameters, Page<T>> fetch) {
    return Stream.iterate(
            Optional.of(fetch.apply(first)),
            Optional::isPresent,
            page -> page.map(Page::next).map(fetch))
        .flatMap(page -> page.orElseThrow().items().stream());
  }

  private static <T> Page<T> page(
      S3Xml xml, Function<Map<String, String>, T> item, Http.QueryParameters next) {
    var items = xml.items().stream().map(item).toList();
    // An empty page that claims to have a successor would be asked for for ever.
    var last = !xml.field("IsTruncated").strip().equals("true") || items.isEmpty();
    return new Page<>(items, last ? null : next);
  }

  private static PartInfo part(Map<String, String> item) {
    return new PartInfo(
        Integer.parseInt(item.getOrDefault("PartNumber", "")),
        Long.parseLong(item.getOrDefault("Size", "")),
        unquoted(item.getOrDefault("ETag", "")));
  }

  private static Optional<ObjectInfo> object(S3Xml xml, Map<String, String> item) {
    return key(decoded(xml, item.getOrDefault("Key", "")))
        .map(key ->
            new ObjectInfo(
                key,
                Long.parseLong(item.getOrDefault("Size", "")),
                unquoted(item.getOrDefault("ETag", "")),
                Instant.parse(item.getOrDefault("LastModified", "")),
                null));
  }

  private static Optional<StaleMultipart> multipart(S3Xml xml, Map<String, String> item) {
    return key(decoded(xml, item.getOrDefault("Key", "")))
        .map(key ->
            new StaleMultipart(
                new MultipartUpload(key, item.getOrDefault("UploadId", "")),
                Instant.parse(item.getOrDefault("Initiated", ""))));
  }

  /** Empty for what others put into the bucket and no {@link ObjectKey} can name. */
  private static Optional<ObjectKey> key(String value) {
    try {
      return Optional.of(new ObjectKey(value));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decoded(S3Xml xml, String value) {
    return xml.field("EncodingType").equals("url")
        ? URLDecoder.decode(value, StandardCharsets.UTF_8)
        : value;
  }

  static String unquoted(String etag) {
    return etag.replace("\"", "");
  }

  private S3Xml fetch(String what, BucketArgs args, Http.QueryParameters query, String item) {
    var request =
        clients.signed(
            what, Http.S3Request.builder().method(Http.Method.GET).args(args).queryParams(query));
    try (var response = clients.retrying().newCall(request).execute();
        var body = response.body().byteStream()) {
      if (!response.isSuccessful()) {
        throw refused(what, response.code(), body);
      }
      return S3Xml.read(body, item);
    } catch (XMLStreamException | RuntimeException | IOException e) {
      throw e instanceof XMLStreamException x
          ? new ObjectStoreException(
              Kind.UNAVAILABLE, what + ": the answer is no listing: " + x.getMessage(), x)
          : S3Calls.fault(what, e);
    }
  }

  /** What an error answer means; its body names the code in XML, or is of somebody else. */
  static ObjectStoreException refused(String what, int status, InputStream body)
      throws IOException {
    var bytes = body.readNBytes(ERROR_MAX);
    S3Xml error;
    try {
      error = S3Xml.read(new ByteArrayInputStream(bytes), "");
    } catch (XMLStreamException e) {
      error = new S3Xml(Map.of(), List.of());
    }
    var code = error.field("Code");
    if (status == 404 && code.isEmpty()) {
      // Not the store's words: a proxy that has lost its store must not make anybody believe that
      // an upload is lost.
      return new ObjectStoreException(
          Kind.UNAVAILABLE, what + ": 404 from somebody before the store", null);
    }
    return S3Calls.fault(what, status, code, error.field("Message"), null);
  }
}
