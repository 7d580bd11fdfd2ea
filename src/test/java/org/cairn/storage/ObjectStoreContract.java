package org.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.cairn.storage.ObjectStoreException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectStore} does; run against each implementation. */
public abstract class ObjectStoreContract {

  private static final String TYPE = "application/octet-stream";
  private static final int PART = (int) MultipartUpload.MIN_PART_SIZE;
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Everything of one test lies here, so that tests need not clean up. */
  private String folder = "";

  @BeforeEach
  void useAnEmptyFolder() {
    folder = "contract/" + UUID.randomUUID();
  }

  /** The store under test, with an empty bucket or one that other tests use too. */
  protected abstract ObjectStore store();

  /** Whether the server notices a part of an upload that is over; S3 itself does. */
  protected boolean refusesLateParts() {
    return true;
  }

  /** Whether the server drops a part whose connection broke before its end; S3 itself does. */
  protected boolean noticesTruncatedParts() {
    return true;
  }

  /** Whether the server lists unfinished uploads by folder; S3 itself does. */
  protected boolean listsUploadsOfFolders() {
    return true;
  }

  /** Whether the server refuses to complete an upload to a key that is taken; S3 itself does. */
  protected boolean completesConditionally() {
    return true;
  }

  /** What the server says of the completion of an upload that was aborted. */
  protected Kind completionOfNothing() {
    return Kind.NOT_FOUND;
  }

  /** The same, with a server that nobody answers for. */
  protected abstract ObjectStore unreachableStore();

  private ObjectKey key(String name) {
    return ObjectKey.of(folder, name);
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] read(ObjectKey key) throws IOException {
    try (var in = store().open(key)) {
      return in.readAllBytes();
    }
  }

  private byte[] read(ObjectKey key, long offset, long length) throws IOException {
    try (var in = store().open(key, new ByteRange(offset, length))) {
      return in.readAllBytes();
    }
  }

  private static Kind kindOf(Throwable e) {
    return ((ObjectStoreException) e).kind();
  }

  private static void assertFails(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ObjectStoreException.class)
        .extracting(ObjectStoreContract::kindOf)
        .isEqualTo(kind);
  }

  @Test
  void givesBackWhatWasPut() throws IOException {
    var bytes = bytes(300_000);
    store().putIfAbsent(key("a.bin"), bytes, TYPE);
    assertThat(read(key("a.bin"))).isEqualTo(bytes);
    var info = store().stat(key("a.bin")).orElseThrow();
    assertThat(info.size()).isEqualTo(300_000);
    assertThat(info.key()).isEqualTo(key("a.bin"));
    assertThat(info.etag()).isNotEmpty().doesNotContain("\"");
    assertThat(info.lastModified()).isNotNull();
  }

  @Test
  void keepsEmptyObjects() throws IOException {
    store().putIfAbsent(key("empty"), new byte[0], TYPE);
    assertThat(read(key("empty"))).isEmpty();
    assertThat(store().stat(key("empty")).orElseThrow().size()).isZero();
  }

  @Test
  void putIfAbsentNeverReplaces() throws IOException {
    store().putIfAbsent(key("a"), text("one"), TYPE);
    assertFails(Kind.EXISTS, () -> store().putIfAbsent(key("a"), text("two"), TYPE));
    assertThat(read(key("a"))).asString().isEqualTo("one");
  }

  @Test
  void ofManyConcurrentWritersOneWins() throws Exception {
    var writers =
        IntStream.range(0, 16)
            .<Callable<Integer>>mapToObj(i ->
                () -> {
                  try {
                    store().putIfAbsent(key("contested"), text("writer " + i), TYPE);
                    return i;
                  } catch (ObjectStoreException e) {
                    assertThat(e.kind()).isEqualTo(Kind.EXISTS);
                    return -1;
                  }
                })
            .toList();
    var winners = new ArrayList<Integer>();
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (Future<Integer> writer : threads.invokeAll(writers)) {
        if (writer.get() >= 0) {
          winners.add(writer.get());
        }
      }
    }
    assertThat(winners).hasSize(1);
    assertThat(read(key("contested"))).asString().isEqualTo("writer " + winners.getFirst());
  }

  @Test
  void readsRanges() throws IOException {
    var bytes = text("0123456789");
    store().putIfAbsent(key("a"), bytes, TYPE);
    assertThat(read(key("a"), 0, 1)).asString().isEqualTo("0");
    assertThat(read(key("a"), 3, 4)).asString().isEqualTo("3456");
    assertThat(read(key("a"), 9, 1)).asString().isEqualTo("9");
    assertThat(read(key("a"), 0, 10)).isEqualTo(bytes);
    assertThat(read(key("a"), 8, 100)).asString().isEqualTo("89");
    assertFails(Kind.INVALID, () -> read(key("a"), 10, 1));
  }

  @Test
  void saysWhatIsNotThere() {
    assertThat(store().stat(key("nothing"))).isEmpty();
    assertFails(Kind.NOT_FOUND, () -> read(key("nothing")));
    assertFails(Kind.NOT_FOUND, () -> read(key("nothing"), 0, 1));
    assertThat(store().list(key("nothing"))).isEmpty();
  }

  @Test
  void takesAnyKey() throws IOException {
    for (var name :
        List.of(
            "with space",
            "a+b=c&d?e#f",
            "percent%20%2F",
            "日本語/данные.txt",
            "emoji-\uD83D\uDDFF",
            "~tilde!'()*,;:@$")) {
      store().putIfAbsent(key(name), text(name), TYPE);
      assertThat(read(key(name))).asString().isEqualTo(name);
      assertThat(store().list(ObjectKey.of(folder)).map(ObjectInfo::key)).contains(key(name));
      store().delete(List.of(key(name)));
      assertThat(store().stat(key(name))).isEmpty();
    }
  }

  @Test
  void listsMoreThanAPageLazily() throws Exception {
    var keys = IntStream.range(0, 1_005).mapToObj(i -> key("many/" + i)).toList();
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var put :
          threads.invokeAll(
              keys.stream()
                  .<Callable<Void>>map(key ->
                      () -> {
                        store().putIfAbsent(key, text("x"), TYPE);
                        return null;
                      })
                  .toList())) {
        put.get();
      }
    }
    store().putIfAbsent(key("manyother"), text("not in the folder"), TYPE);
    assertThat(store().list(key("many")).map(ObjectInfo::key))
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(store().list(key("many")).limit(3)).hasSize(3);
    store().delete(keys);
    assertThat(store().list(key("many"))).isEmpty();
    assertThat(store().stat(key("manyother"))).isPresent();
  }

  @Test
  void deletingWhatIsNotThereIsNoFailure() {
    store().putIfAbsent(key("a"), text("x"), TYPE);
    store().delete(List.of(key("a"), key("nothing")));
    store().delete(List.of(key("nothing")));
    store().delete(List.of());
    assertThat(store().stat(key("a"))).isEmpty();
  }

  @Test
  void anybodyCanReadAPresignedAddress() throws Exception {
    store().putIfAbsent(key("ünïcode 1.txt"), text("0123456789"), TYPE);
    var url =
        store()
            .presignGet(
                key("ünïcode 1.txt"),
                LIFE,
                new Presentation("text/plain", "attachment; filename=\"a b.txt\""));
    var whole = get(url);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).asString().isEqualTo("0123456789");
    assertThat(whole.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(whole.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"a b.txt\"");
    var part = get(url, "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).asString().isEqualTo("234");
  }

  @Test
  void aPresignedAddressOpensNothingElse() throws Exception {
    store().putIfAbsent(key("a"), text("a"), TYPE);
    store().putIfAbsent(key("b"), text("b"), TYPE);
    var url = store().presignGet(key("a"), LIFE, new Presentation(TYPE, "attachment")).toString();
    assertThat(get(URI.create(url.replace(folder + "/a", folder + "/b"))).statusCode())
        .isEqualTo(403);
    assertThat(get(URI.create(url.replace("X-Amz-Expires=300", "X-Amz-Expires=301"))).statusCode())
        .isEqualTo(403);
    assertThat(get(URI.create(url.replace("=attachment", "=inline"))).statusCode()).isEqualTo(403);
    assertThat(put(URI.create(url), text("mine now"))).isEqualTo(403);
  }

  @Test
  void aPresignedAddressExpires() throws Exception {
    store().putIfAbsent(key("a"), text("a"), TYPE);
    var url =
        store().presignGet(key("a"), Duration.ofSeconds(1), new Presentation(TYPE, "attachment"));
    Thread.sleep(2_100);
    assertThat(get(url).statusCode()).isEqualTo(403);
  }

  @Test
  void makesAnObjectOfParts() throws Exception {
    var bytes = bytes(2 * PART + 1234);
    var upload = store().startMultipart(key("big"), TYPE);
    assertThat(store().stat(key("big"))).isEmpty();
    var second = store().putPart(upload, 2, new ByteArrayInputStream(bytes, PART, PART), PART);
    var third = store().putPart(upload, 3, new ByteArrayInputStream(bytes, 2 * PART, 1234), 1234);
    assertThat(put(store().presignPart(upload, 1, LIFE), slice(bytes, 0, PART))).isEqualTo(200);
    var parts = store().listParts(upload);
    assertThat(parts).extracting(PartInfo::number).containsExactly(1, 2, 3);
    assertThat(parts).extracting(PartInfo::size).containsExactly((long) PART, (long) PART, 1234L);
    assertThat(parts).contains(second, third);
    store().completeMultipart(upload, parts);
    assertThat(read(key("big"))).isEqualTo(bytes);
    assertFails(Kind.NOT_FOUND, () -> store().listParts(upload));
  }

  @Test
  void aPartSentAgainReplacesTheFirst() throws Exception {
    var upload = store().startMultipart(key("again"), TYPE);
    store().putPart(upload, 1, new ByteArrayInputStream(text("wrong")), 5);
    store().putPart(upload, 1, new ByteArrayInputStream(text("right!")), 6);
    var parts = store().listParts(upload);
    assertThat(parts).extracting(PartInfo::size).containsExactly(6L);
    store().completeMultipart(upload, parts);
    assertThat(read(key("again"))).asString().isEqualTo("right!");
  }

  @Test
  void listsMoreThanAPageOfParts() throws Exception {
    var upload = store().startMultipart(key("parts"), TYPE);
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var put :
          threads.invokeAll(
              IntStream.rangeClosed(1, 1_003)
                  .<Callable<PartInfo>>mapToObj(
                      i -> () -> store().putPart(upload, i, new ByteArrayInputStream(text("x")), 1))
                  .toList())) {
        put.get();
      }
    }
    assertThat(store().listParts(upload))
        .extracting(PartInfo::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 1_003).boxed().toList());
    store().abortMultipart(upload);
  }

  @Test
  void aPartThatEndsEarlyChangesNothing() throws Exception {
    var upload = store().startMultipart(key("short"), TYPE);
    store().putPart(upload, 1, new ByteArrayInputStream(text("whole")), 5);
    assertThatThrownBy(
            () -> store().putPart(upload, 1, new ByteArrayInputStream(bytes(1_000)), 1_000_000))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store().putPart(upload, 1, broken(100_000), 1_000_000))
        .isInstanceOf(IOException.class)
        .hasMessage("the client went away");
    if (noticesTruncatedParts()) {
      assertThat(store().listParts(upload)).extracting(PartInfo::size).containsExactly(5L);
    }
    store().abortMultipart(upload);
  }

  private static InputStream broken(int after) {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(bytes(after)),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the client went away");
                  }

                  @Override
                  public int read(byte[] buffer, int offset, int length) throws IOException {
                    return read();
                  }
                })));
  }

  @Test
  void anAbortedUploadIsGone() throws Exception {
    var upload = store().startMultipart(key("aborted"), TYPE);
    store().putPart(upload, 1, new ByteArrayInputStream(text("x")), 1);
    var parts = store().listParts(upload);
    var url = store().presignPart(upload, 2, LIFE);
    store().abortMultipart(upload);
    store().abortMultipart(upload);
    assertFails(Kind.NOT_FOUND, () -> store().listParts(upload));
    if (refusesLateParts()) {
      assertFails(
          Kind.NOT_FOUND, () -> store().putPart(upload, 1, new ByteArrayInputStream(text("x")), 1));
      assertThat(put(url, text("late"))).isEqualTo(404);
    } else {
      put(url, text("late"));
    }
    assertFails(completionOfNothing(), () -> store().completeMultipart(upload, parts));
    assertThat(store().stat(key("aborted"))).isEmpty();
  }

  @Test
  void completingNeverReplaces() throws Exception {
    store().putIfAbsent(key("taken"), text("first"), TYPE);
    var upload = store().startMultipart(key("taken"), TYPE);
    store().putPart(upload, 1, new ByteArrayInputStream(text("later")), 5);
    var parts = store().listParts(upload);
    if (completesConditionally()) {
      assertFails(Kind.EXISTS, () -> store().completeMultipart(upload, parts));
      assertThat(read(key("taken"))).asString().isEqualTo("first");
    }
    store().abortMultipart(upload);
    assertThat(read(key("taken"))).asString().isEqualTo("first");
  }

  /**
   * Whoever still has an address of a part, and whoever completes once more, changes nothing,
   * whatever the store says to it.
   */
  @Test
  void nothingChangesWhatWasCompleted() throws Exception {
    var upload = store().startMultipart(key("over"), TYPE);
    var url = store().presignPart(upload, 1, LIFE);
    assertThat(put(url, text("first"))).isEqualTo(200);
    var parts = store().listParts(upload);
    store().completeMultipart(upload, parts);
    var status = put(url, text("later"));
    if (refusesLateParts()) {
      assertThat(status).isEqualTo(404);
    }
    for (var again : List.of(List.of(new PartInfo(1, 5, md5("later"))), parts)) {
      try {
        store().completeMultipart(upload, again);
      } catch (ObjectStoreException e) {
        assertThat(e.kind()).isNotEqualTo(Kind.DENIED);
      }
    }
    assertThat(read(key("over"))).asString().isEqualTo("first");
  }

  private static String md5(String text) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text(text)));
  }

  @Test
  void completingRefusesPartsThatAreNotTheOnesListed() throws Exception {
    var upload = store().startMultipart(key("swapped"), TYPE);
    store().putPart(upload, 1, new ByteArrayInputStream(text("first")), 5);
    var parts = store().listParts(upload);
    store().putPart(upload, 1, new ByteArrayInputStream(text("later")), 5);
    assertFails(Kind.INVALID, () -> store().completeMultipart(upload, parts));
    assertThat(store().stat(key("swapped"))).isEmpty();
    store().abortMultipart(upload);
  }

  @Test
  void listsUnfinishedUploads() {
    var upload = store().startMultipart(key("unfinished/ü 1"), TYPE);
    var other = store().startMultipart(key("elsewhere"), TYPE);
    try (var stale = store().listMultiparts(key("unfinished"))) {
      assertThat(stale.map(StaleMultipart::upload))
          .containsExactlyElementsOf(listsUploadsOfFolders() ? List.of(upload) : List.of());
    }
    store().abortMultipart(upload);
    store().abortMultipart(other);
    try (var stale = store().listMultiparts(key("unfinished"))) {
      assertThat(stale).isEmpty();
    }
  }

  @Test
  void aStoreThatIsAwayIsSoonSaidToBe() {
    var away = unreachableStore();
    var begin = System.nanoTime();
    assertFails(Kind.UNAVAILABLE, () -> away.stat(key("a")));
    assertFails(Kind.UNAVAILABLE, () -> away.open(key("a")).close());
    assertFails(Kind.UNAVAILABLE, () -> away.putIfAbsent(key("a"), text("x"), TYPE));
    assertFails(Kind.UNAVAILABLE, () -> away.list(key("a")).toList());
    var upload = new MultipartUpload(key("a"), "id");
    assertFails(Kind.UNAVAILABLE, () -> away.listParts(upload));
    assertFails(
        Kind.UNAVAILABLE, () -> away.putPart(upload, 1, new ByteArrayInputStream(text("x")), 1));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThatThrownBy(() -> away.stat(key("a")))
        .matches(e -> ((ObjectStoreException) e).retryable());
    // Signing needs nobody.
    assertThatCode(() -> away.presignPart(upload, 1, LIFE)).doesNotThrowAnyException();
    assertThatCode(() -> away.presignGet(key("a"), LIFE, new Presentation(TYPE, "attachment")))
        .doesNotThrowAnyException();
  }

  private static byte[] slice(byte[] bytes, int from, int length) {
    return java.util.Arrays.copyOfRange(bytes, from, from + length);
  }

  private static HttpResponse<byte[]> get(URI url, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static int put(URI url, byte[] bytes) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(url).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
