package org.cairn.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Asks the service, and writes down whatever no client should ever see: no whole answer within the
 * bound, a connection that ends without one, 500, a refusal that does not say that it passes.
 */
final class Client {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MediaType JSON_TYPE = MediaType.get("application/json");

  private volatile String url;
  private final Duration bound;
  private final boolean mayEnd;
  private final OkHttpClient http;
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  Client(String url, Duration bound) {
    this(url, bound, false);
  }

  /**
   * A client.
   *
   * @param mayEnd whether the service may be killed: connections end then, or nobody answers them
   */
  Client(String url, Duration bound, boolean mayEnd) {
    this.url = url;
    this.bound = bound;
    this.mayEnd = mayEnd;
    this.http =
        new OkHttpClient.Builder()
            .callTimeout(bound)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .build();
  }

  /** An answer that was expected. */
  static final class Answer {
    private final int status;
    private final String location;
    private final byte[] bytes;

    Answer(Response response, byte[] bytes) {
      this.status = response.code();
      this.location = String.valueOf(response.header("Location"));
      this.bytes = bytes;
    }

    int status() {
      return status;
    }

    String location() {
      return location;
    }

    byte[] bytes() {
      return bytes;
    }

    JsonNode json() {
      try {
        return JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Asks another replica from now on. */
  void moveTo(String other) {
    url = other;
  }

  /** What nobody should have seen. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  void fault(String what) {
    faults.add(what);
  }

  /** How often it was told to come again. */
  int refused() {
    return refused.get();
  }

  /** How many bodies broke off, so that everybody could tell. */
  int broken() {
    return broken.get();
  }

  Optional<Answer> get(String path, Integer... expected) {
    return ask(request(path), expected);
  }

  Optional<Answer> post(String path, String key, String json, Integer... expected) {
    var request = request(path).post(RequestBody.create(json, JSON_TYPE));
    return ask(key.isEmpty() ? request : request.header("Idempotency-Key", key), expected);
  }

  Optional<Answer> put(String path, byte[] bytes, Integer... expected) {
    return ask(request(path).put(RequestBody.create(bytes)), expected);
  }

  Optional<Answer> putJson(String path, String json, Integer... expected) {
    return ask(request(path).put(RequestBody.create(json, JSON_TYPE)), expected);
  }

  Optional<Answer> delete(String path, Integer... expected) {
    return ask(request(path).delete(), expected);
  }

  private Request.Builder request(String path) {
    return new Request.Builder().url(path.startsWith("http") ? path : url + path);
  }

  /**
   * The answer, where it is one of these; empty where the service says that it should be asked
   * again, or where the body broke off. What the store itself says is its own.
   */
  private Optional<Answer> ask(Request.Builder builder, Integer... expected) {
    var request = builder.build();
    var what = request.method() + " " + request.url();
    var ours = request.url().toString().startsWith(url);
    var begun = false;
    try (var response = http.newCall(request).execute()) {
      begun = true;
      var body = response.body().bytes();
      if (Set.of(expected).contains(response.code())) {
        return Optional.of(new Answer(response, body));
      }
      if (ours) {
        refusal(what, response, new String(body, StandardCharsets.UTF_8));
      }
    } catch (InterruptedIOException e) {
      faults.add(what + " is not answered within " + bound);
    } catch (IOException e) {
      if (begun) {
        broken.incrementAndGet();
      } else if (ours && !mayEnd) {
        faults.add(what + " ended without an answer: " + e);
      }
    }
    return Optional.empty();
  }

  private void refusal(String what, Response response, String body) {
    var native_ = response.request().url().encodedPath().startsWith("/v1");
    var wellFormed =
        native_
            ? body.contains("\"/problems/unavailable\"")
            : response.header("X-Error-Message") != null;
    if (response.code() != 503 || response.header("Retry-After") == null || !wellFormed) {
      faults.add(what + ": " + response + " " + body);
    } else {
      refused.incrementAndGet();
    }
  }
}
