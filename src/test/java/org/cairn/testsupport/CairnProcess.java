package org.cairn.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The packaged program, run as a user runs it; needs {@code ./mvnw package} before. */
public final class CairnProcess implements AutoCloseable {

  public static final Path TARGET = Path.of("target").toAbsolutePath();
  public static final Path LAUNCHER = TARGET.resolve("cairn");

  private static final Duration START = Duration.ofMinutes(3);
  private static final Pattern READY = Pattern.compile("is ready at (http://\\S+)");
  private static final Pattern HEALTH = Pattern.compile("health +(http://\\S+)");

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private CairnProcess(Process process) {
    this.process = process;
    // A pipe would keep one of the few carriers of virtual threads.
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /** Starts {@code target/cairn} with these words. */
  public static CairnProcess start(Path workingFolder, String... words) {
    return start(LAUNCHER, workingFolder, Map.of(), words);
  }

  /**
   * Starts a launcher.
   *
   * @param environment what to set; an empty value unsets
   */
  public static CairnProcess start(
      Path launcher, Path workingFolder, Map<String, String> environment, String... words) {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(List.of(words));
    var builder =
        new ProcessBuilder(command).directory(workingFolder.toFile()).redirectErrorStream(true);
    // The store's client reads every certificate that the latter name, at each start, for stores
    // that are not asked for any.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("SSL_CERT_"));
    // Tests ask nobody in the world outside.
    builder.environment().put("CAIRN_REFERENCES_PROBE_EVERY", "PT0S");
    environment.forEach((name, value) -> {
      if (value.isEmpty()) {
        builder.environment().remove(name);
      } else {
        builder.environment().put(name, value);
      }
    });
    try {
      return new CairnProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server says that it is ready. */
  public CairnProcess awaitReady() {
    await("ready", START, () -> READY.matcher(output()).find() || !process.isAlive());
    if (!READY.matcher(output()).find()) {
      throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
    }
    await("health", START, () -> HEALTH.matcher(output()).find());
    return this;
  }

  /** Waits until it has said {@code text}. */
  public CairnProcess awaitOutput(String text) {
    await(text, START, () -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
    }
    return this;
  }

  /** Address of the API. */
  public String url() {
    return first(READY);
  }

  /** Address of the health checks, on the management port. */
  public String healthUrl() {
    return first(HEALTH);
  }

  /** Everything said so far, both streams together. */
  public String output() {
    return String.join("\n", lines);
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public int awaitExit(Duration longest) {
    try {
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + longest + ":\n" + output());
      }
      reader.join(Duration.ofSeconds(5));
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks it to stop, as Kubernetes or a service manager does. */
  public CairnProcess terminate() {
    process.destroy();
    return this;
  }

  /** Ends it without asking: {@code kill -9}. */
  public CairnProcess kill() {
    process.destroyForcibly();
    return this;
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Living processes with this folder in their command line: the servers of a data folder. */
  public static List<ProcessHandle> processesOn(Path folder) {
    try {
      var name = folder.toRealPath().toString();
      return ProcessHandle.allProcesses()
          .filter(process -> process.info().commandLine().orElse("").contains(name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers status and body of a GET. */
  public static HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  /** Answers status and body of a POST of JSON. */
  public static HttpResponse<String> post(String url, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Waits for a condition, or fails. */
  public static void await(String what, Duration longest, BooleanSupplier condition) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + longest + ": " + what);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static HttpResponse<String> send(HttpRequest request) {
    // The management port would change to HTTP/2 in the midst of the request, and now and then
    // hang.
    var http1 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    try (var client = http1.build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String first(Pattern pattern) {
    var matcher = pattern.matcher(output());
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in:\n" + output());
    }
    return matcher.group(1);
  }

  private void read() {
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add(e.toString());
    }
  }
}
