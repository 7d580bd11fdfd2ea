package org.cairn.storage.s3;

import io.minio.BucketExistsArgs;
import io.minio.Http;
import io.minio.StatObjectArgs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.Headers;
import org.cairn.platform.Sha256;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/** Asks a store, with an empty bucket, for what Cairn uses or could use. */
record StoreProbe(S3Clients clients, S3ObjectStore store) {

  private static final String PLAIN = "text/plain";
  private static final String CONDITION = "If-None-Match";
  private static final String CHECKSUM = "x-amz-checksum-sha256";

  private record Answer(int status, Headers headers, String body) {}

  static StoreProbe of(TestBucket bucket) {
    var clients = S3Clients.of(bucket);
    return new StoreProbe(clients, new S3ObjectStore(clients));
  }

  /** What it does, by what was tried. */
  Map<String, String> answers() throws Exception {
    var answers = new LinkedHashMap<String, String>();
    answers.put("bucket with `LocationConstraint` `us-east-1`", newBucket());
    store.bucketExists(true);
    put("taken", "first", Map.of());
    answers.put(
        "`If-None-Match: *`, PUT to a key that is taken",
        accepted(put("taken", "later", Map.of(CONDITION, "*"))));
    answers.put(
        "`If-None-Match: *`, completion of an upload to a key that is taken",
        accepted(complete(upload("taken", "later"), "later", Map.of(CONDITION, "*"))));
    answers.put(
        "`x-amz-checksum-sha256` of other bytes",
        accepted(put("sum", "these", Map.of(CHECKSUM, digest("SHA-256", "others")))));
    put("sum", "these", Map.of(CHECKSUM, digest("SHA-256", "these")));
    var head =
        send(Http.Method.HEAD, "sum", Map.of(), Map.of("x-amz-checksum-mode", "ENABLED"), "");
    answers.put(
        "`x-amz-checksum-sha256` in the answer to HEAD", yes(head.headers().get(CHECKSUM) != null));
    answers.put(
        "`Content-MD5` of other bytes",
        accepted(
            send(Http.Method.PUT, "sum", Map.of(), Map.of(), "these", digest("MD5", "others"))));
    answers.put("tags of an object", tags());
    answers.put(
        "ETag of an object is its MD5",
        yes(unquoted(put("tag", "x", Map.of()).headers().get("ETag")).equals(md5("x"))));
    var completed = complete(upload("parts", "x"), "x", Map.of());
    answers.put(
        "ETag in the answer to a completion",
        completed.body().contains("<ETag></ETag>") ? "empty" : "yes");
    answers.put("ETag of an object of parts", partsTag());
    uploads(answers);
    answers.put("object of one empty part", emptyPart());
    return answers;
  }

  private void uploads(Map<String, String> answers) throws Exception {
    var upload = store.startMultipart(new ObjectKey("unfinished/a/b"), PLAIN);
    answers.put("unfinished uploads by folder", yes(lists("unfinished/")));
    answers.put("unfinished uploads by whole key", yes(lists("unfinished/a/b")));
    answers.put("part that breaks off on its way", broken(upload));
    store.abortMultipart(upload);
    answers.put("part of an upload that was aborted", accepted(part(upload, "x")));
    var over = upload("over", "x");
    complete(over, "x", Map.of());
    answers.put("part of an upload that was completed", accepted(part(over, "y")));
    var none = send(Http.Method.GET, "over", Map.of("uploadId", over.id()), Map.of(), "");
    answers.put(
        "parts of an upload that was completed",
        none.status() == 404 ? "404" : none.status() + ", a list");
  }

  private String newBucket() throws Exception {
    return accepted(
        send(
            Http.Method.PUT,
            "",
            Map.of(),
            Map.of(),
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>"));
  }

  private String tags() throws Exception {
    var set = "<Tagging><TagSet><Tag><Key>a</Key><Value>kept</Value></Tag></TagSet></Tagging>";
    var put = send(Http.Method.PUT, "taken", Map.of("tagging", ""), Map.of(), set);
    var get = send(Http.Method.GET, "taken", Map.of("tagging", ""), Map.of(), "");
    return get.body().contains("kept") ? "yes" : "no (" + put.status() + ")";
  }

  private String partsTag() throws Exception {
    var tag = send(Http.Method.HEAD, "parts", Map.of(), Map.of(), "").headers().get("ETag");
    return unquoted(tag).matches("[0-9a-f]{32}-1") ? "an MD5 and `-1`" : "other";
  }

  private boolean lists(String prefix) throws Exception {
    var listed = send(Http.Method.GET, "", Map.of("uploads", "", "prefix", prefix), Map.of(), "");
    return listed.body().contains("<UploadId>");
  }

  private String broken(MultipartUpload upload) throws InterruptedException {
    try {
      var half = new ByteArrayInputStream(new byte[500_000]);
      var _ = store.putPart(upload, 1, half, 1_000_000);
      throw new IllegalStateException("a part of which nobody sent the end was acknowledged");
    } catch (IOException e) {
      Thread.sleep(1_000); // it may not have noticed yet
      var parts = store.listParts(upload);
      return parts.isEmpty() ? "dropped" : "kept, as " + parts.getFirst().size() / 1000 + " KB";
    }
  }

  private String emptyPart() throws Exception {
    var completed = complete(upload("empty", ""), "", Map.of());
    return completed.status() == 200 && store.stat(new ObjectKey("empty")).isPresent()
        ? "yes"
        : "no (" + completed.status() + ")";
  }

  /** An upload that has its only part. */
  private MultipartUpload upload(String key, String text) throws Exception {
    var upload = store.startMultipart(new ObjectKey(key), PLAIN);
    part(upload, text);
    return upload;
  }

  private Answer part(MultipartUpload upload, String text) throws Exception {
    var query = Map.of("uploadId", upload.id(), "partNumber", "1");
    return send(Http.Method.PUT, upload.key().value(), query, Map.of(), text);
  }

  private Answer complete(MultipartUpload upload, String text, Map<String, String> headers)
      throws Exception {
    var parts =
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>%s</ETag></Part></CompleteMultipartUpload>"
            .formatted(md5(text));
    return send(
        Http.Method.POST, upload.key().value(), Map.of("uploadId", upload.id()), headers, parts);
  }

  private Answer put(String key, String text, Map<String, String> headers) throws Exception {
    return send(Http.Method.PUT, key, Map.of(), headers, text);
  }

  private Answer send(
      Http.Method method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      String body)
      throws Exception {
    return send(method, key, query, headers, body, digest("MD5", body));
  }

  /** Of the bucket where the key is empty. */
  private Answer send(
      Http.Method method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      String body,
      String md5)
      throws Exception {
    var bucket = clients.bucket();
    var args =
        key.isEmpty()
            ? BucketExistsArgs.builder().bucket(bucket).build()
            : StatObjectArgs.builder().bucket(bucket).object(key).build();
    var request =
        Http.S3Request.builder()
            .method(method)
            .args(args)
            .queryParams(new Http.QueryParameters(query))
            .headers(new Http.Headers(headers));
    if (method == Http.Method.PUT || method == Http.Method.POST) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      request.body(new Http.Body(bytes, bytes.length, null, Sha256.of(bytes).hex(), md5));
    }
    try (var response =
        clients.plain().newCall(clients.signed(method + " " + key, request)).execute()) {
      return new Answer(response.code(), response.headers(), response.body().string());
    }
  }

  private static String accepted(Answer answer) {
    return answer.status() < 300 ? "accepted" : "refused (" + answer.status() + ")";
  }

  private static String yes(boolean yes) {
    return yes ? "yes" : "no";
  }

  private static String unquoted(@Nullable String tag) {
    return tag == null ? "" : tag.replace("\"", "");
  }

  private static String md5(String text) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(digest("MD5", text)));
  }

  private static String digest(String algorithm, String text) throws NoSuchAlgorithmException {
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
