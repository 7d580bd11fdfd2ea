package org.cairn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Safetensors;

/**
 * Clients that upload, register, seal, list and read, all at once, and begin anew whatever they
 * were told to try again. What was acknowledged to them is remembered, and looked for at the end.
 */
final class Work implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(150);

  /** So many that an answer is not sent in one piece. */
  private static final int ELEMENTS = 256 * 512;

  private static final String TENSOR = "embed.weight";

  private final Client client;
  private final Random random;
  private final String run;
  private final String repository;
  private final byte[] weights;
  private final byte[] tensor;
  private final Sha256 digest;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, byte[]> verified = new ConcurrentHashMap<>();
  private final Map<String, String> sealed = new ConcurrentHashMap<>();
  private final Map<String, String> labels = new ConcurrentHashMap<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final AtomicLong steps = new AtomicLong(1);
  private volatile boolean stopping;

  /** Brings a service, which is well, into a state in which there is something to read. */
  Work(String url, Duration bound, long seed) {
    this(new Client(url, bound), seed);
  }

  Work(Client client, long seed) {
    this.client = client;
    this.random = new Random(seed);
    var project = "p-" + UUID.randomUUID();
    this.run = "/v1/projects/" + project + "/runs/run";
    this.repository = project + "/run";
    var file =
        new Safetensors()
            .floats(TENSOR, List.of(ELEMENTS / 512, 512), Safetensors.values(ELEMENTS, 1));
    this.weights = file.bytes();
    this.tensor = Arrays.copyOfRange(weights, weights.length - 4 * ELEMENTS, weights.length);
    this.digest = Sha256.of(weights);
    must(() -> client.post("/v1/projects", "", "{\"name\":\"" + project + "\"}", 201));
    must(() -> client.post("/v1/projects/" + project + "/runs", "", "{\"name\":\"run\"}", 201));
    upload(weights);
    register(1, digest, weights.length);
    seal("step1");
  }

  Client client() {
    return client;
  }

  String run() {
    return run;
  }

  Sha256 digest() {
    return digest;
  }

  /** Begins: two clients that write and two that read, until {@link #close}. */
  Work start() {
    stopping = false;
    for (int i = 0; i < 2; i++) {
      var seed = random.nextLong();
      threads.add(Thread.ofVirtual().start(() -> write(new Random(seed))));
      var readSeed = random.nextLong();
      threads.add(Thread.ofVirtual().start(() -> read(new Random(readSeed))));
    }
    return this;
  }

  /** Lets everybody finish what they are at. */
  @Override
  public void close() {
    stopping = true;
    for (var thread : threads) {
      try {
        if (!thread.join(PATIENCE.plusSeconds(30))) {
          client.fault("a client is still at it");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    threads.clear();
  }

  /** How much has been acknowledged. */
  int acknowledged() {
    return verified.size() + sealed.size();
  }

  /** All that was acknowledged is there, and nobody saw what nobody should see. */
  void check() {
    close();
    assertThat(client.faults()).isEmpty();
    verified.forEach(
        (sha256, bytes) -> assertThat(download("/v1/artifacts/sha256:" + sha256)).contains(bytes));
    sealed.forEach((label, sha256) -> {
      var checkpoint = must(() -> client.get(run + "/checkpoints/" + label, 200)).json();
      assertThat(checkpoint.path("state").asText()).isEqualTo("sealed");
      var file = "/resolve/" + label + "/model.bin";
      assertThat(Sha256.of(download("/" + repository + file).orElseThrow()).hex())
          .isEqualTo(sha256);
    });
    labels.forEach((label, step) ->
        assertThat(
                must(() -> client.get(run + "/checkpoints/" + label, 200))
                    .json()
                    .path("label")
                    .asText())
            .as(label)
            .isEqualTo(step));
    deleted.forEach(label -> must(() -> client.get(run + "/checkpoints/" + label, 404)));
    assertThat(client.faults()).isEmpty();
  }

  private void write(Random random) {
    var name = "newest-" + Integer.toHexString(random.nextInt());
    while (!stopping) {
      // Now and then of two parts.
      var bytes = new byte[random.nextInt(8) == 0 ? 17 << 20 : 1 + random.nextInt(200_000)];
      random.nextBytes(bytes);
      try {
        upload(bytes);
        long step = steps.incrementAndGet();
        register(step, Sha256.of(bytes), bytes.length);
        if (random.nextInt(5) == 0) {
          delete("step" + step);
          verified.remove(Sha256.of(bytes).hex()); // nobody names it: it may be collected
          continue;
        }
        seal("step" + step);
        sealed.put("step" + step, Sha256.of(bytes).hex());
        label(name, "step" + step);
      } catch (IllegalStateException e) {
        client.fault(e.getMessage());
        return;
      }
    }
  }

  /** A list, as many ask for at once. */
  void readOnce() {
    var _ = client.get(run + "/checkpoints?pageSize=20", 200);
  }

  private void read(Random random) {
    while (!stopping) {
      switch (random.nextInt(6)) {
        case 0 -> client.get(run + "/checkpoints?pageSize=20", 200);
        case 1 -> client.get("/api/models/" + repository + "/refs", 200);
        case 2 -> same("an artifact", weights, download("/v1/artifacts/sha256:" + digest));
        case 3 ->
            same(
                "a file of the Hub",
                weights,
                download("/" + repository + "/resolve/step1/model.safetensors"));
        case 4 ->
            same(
                "a tensor",
                tensor,
                client
                    .get(run + "/checkpoints/step1/tensors/" + TENSOR + "?format=raw", 200)
                    .map(Client.Answer::bytes));
        default -> client.get(run + "/tensor-statistics?name=" + TENSOR, 200);
      }
      pause(50);
    }
  }

  private void same(String what, byte[] expected, Optional<byte[]> actual) {
    if (actual.isPresent() && !Arrays.equals(expected, actual.get())) {
      client.fault(
          "%s of %d bytes has %d, wrong from %d on"
              .formatted(
                  what,
                  expected.length,
                  actual.get().length,
                  Arrays.mismatch(expected, actual.get())));
    }
  }

  /** Follows a redirection to the store, whose answers are its own. */
  Optional<byte[]> download(String path) {
    return client
        .get(path, 200, 307, 302)
        .flatMap(answer ->
            answer.status() == 200 ? Optional.of(answer) : client.get(answer.location(), 200))
        .map(Client.Answer::bytes);
  }

  /** Uploads bytes; when this returns they are verified, and somebody was told so. */
  void upload(byte[] bytes) {
    var sha256 = Sha256.of(bytes).hex();
    var key = UUID.randomUUID().toString();
    var opened =
        must(() ->
                client.post(
                    "/v1/uploads",
                    key,
                    "{\"sha256\":\"%s\",\"size\":%d}".formatted(sha256, bytes.length),
                    201,
                    200))
            .json();
    if (opened.path("id").isMissingNode()) {
      return; // it is there
    }
    var id = opened.path("id").asText();
    int partSize = opened.path("partSize").asInt();
    for (int number = 1; number <= opened.path("partCount").asInt(); number++) {
      int part = number;
      var body =
          Arrays.copyOfRange(
              bytes, (number - 1) * partSize, Math.min(number * partSize, bytes.length));
      must(() -> putPart(id, part, body));
    }
    must(() -> client.post("/v1/uploads/" + id + "/complete", "", "", 202, 200));
    var last =
        must(() ->
                client
                    .get("/v1/uploads/" + id + "?wait=5", 200)
                    .filter(view -> !view.json().path("state").asText().equals("verifying")))
            .json();
    if (!last.path("state").asText().equals("verified")) {
      throw new IllegalStateException("an upload of right bytes ended as " + last);
    }
    verified.put(sha256, bytes);
  }

  private Optional<Client.Answer> putPart(String id, int number, byte[] bytes) {
    return client
        .post("/v1/uploads/" + id + "/parts", "", "{\"numbers\":[" + number + "]}", 200)
        .flatMap(signed ->
            client.put(signed.json().path("parts").path(0).path("url").asText(), bytes, 200, 204));
  }

  /** One plan at a time; it is approved by itself. */
  void collect() {
    var _ = client.post("/v1/gc/plans", "", "", 201, 409);
    pause(500);
  }

  /** Begins an upload of several parts, sends one, and never comes back. */
  void abandonUpload() {
    var digest = Sha256.of(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    var _ =
        client
            .post(
                "/v1/uploads",
                "",
                "{\"sha256\":\"%s\",\"size\":%d}".formatted(digest.hex(), 64 << 20),
                201)
            .flatMap(opened ->
                putPart(
                    opened.json().path("id").asText(),
                    1,
                    new byte[opened.json().path("partSize").asInt()]));
  }

  private void register(long step, Sha256 sha256, int size) {
    var key = UUID.randomUUID().toString();
    var name = step == 1 ? "model.safetensors" : "model.bin";
    must(() ->
        client.post(
            run + "/checkpoints",
            key,
            "{\"step\":%d,\"files\":[{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(step, name, sha256, size),
            201));
  }

  /** A draft; who repeats that may find it gone. */
  private void delete(String label) {
    must(() -> client.delete(run + "/checkpoints/" + label, 204, 404));
    deleted.add(label);
  }

  private void label(String name, String step) {
    must(() -> client.putJson(run + "/labels/" + name, "{\"checkpoint\":\"" + step + "\"}", 200));
    labels.put(name, step);
  }

  private void seal(String label) {
    must(() ->
        client
            .post(run + "/checkpoints/" + label + "/seal?wait=5", "", "", 200, 202)
            .filter(answer -> answer.status() == 200));
  }

  /** Asks again until there is an answer, as a client should. */
  static <T> T must(Supplier<Optional<T>> question) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      pause(100 + ThreadLocalRandom.current().nextInt(200));
    }
    throw new IllegalStateException("no answer within " + PATIENCE);
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
