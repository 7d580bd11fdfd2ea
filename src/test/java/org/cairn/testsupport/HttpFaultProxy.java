package org.cairn.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A relay before a server of HTTP/1.1, which also fails as such servers do, request by request. */
public final class HttpFaultProxy extends FaultProxy {

  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile Function<String, HttpFault> rule = line -> HttpFault.NONE;

  public HttpFaultProxy(int serverPort) throws IOException {
    super(serverPort);
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** From now on each request goes wrong as its first line says. */
  public void fail(Function<String, HttpFault> byRequestLine) {
    rule = byRequestLine;
  }

  /** How many requests went wrong. */
  public int failed() {
    return failed.get();
  }

  /** How many answers are held. */
  public int held() {
    return held.get();
  }

  /** Lets everything pass that is held. */
  public void release() {
    release.countDown();
  }

  @Override
  public void heal() {
    rule = line -> HttpFault.NONE;
    super.heal();
  }

  @Override
  public void close() throws IOException {
    release();
    super.close();
  }

  @Override
  protected void relay(Socket client, Socket upstream) throws IOException {
    var requests = new BufferedInputStream(client.getInputStream(), 64 << 10);
    var answers = new BufferedInputStream(upstream.getInputStream(), 64 << 10);
    for (var head = head(requests); !head.isEmpty(); head = head(requests)) {
      var fault = rule.apply(head.lines().findFirst().orElse(""));
      if (!fault.equals(HttpFault.NONE)) {
        failed.incrementAndGet();
      }
      if (!exchange(head, fault, requests, answers, client, upstream)) {
        return;
      }
    }
  }

  /** Whether the connection may be used again. */
  private boolean exchange(
      String head,
      HttpFault fault,
      InputStream requests,
      InputStream answers,
      Socket client,
      Socket upstream)
      throws IOException {
    if (fault.status() != 0) {
      body(head, HttpFault.NONE, requests, OutputStream.nullOutputStream());
      pause(fault);
      say(client.getOutputStream(), answer(fault));
      return true;
    }
    say(upstream.getOutputStream(), head);
    var sent = fault.cutRequest() < 0 ? HttpFault.NONE : HttpFault.cutAnswer(fault.cutRequest());
    if (!body(head, sent, requests, upstream.getOutputStream())) {
      reset(client);
      return false;
    }
    var answer = head(answers);
    if (answer.isEmpty()) {
      return false;
    }
    pause(fault);
    if (fault.hold() == 0) {
      hold();
    }
    say(client.getOutputStream(), answer);
    var bodiless = head.startsWith("HEAD ") || answer.contains(" 204 ") || answer.contains(" 304 ");
    return bodiless || body(answer, fault, answers, client.getOutputStream());
  }

  private static String answer(HttpFault fault) {
    return "HTTP/1.1 %d Fault\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(fault.status(), fault.text().length(), fault.text());
  }

  private void say(OutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    pass(out, bytes, 0, bytes.length);
  }

  private static void pause(HttpFault fault) throws IOException {
    try {
      Thread.sleep(fault.before());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void hold() throws IOException {
    held.incrementAndGet();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Everything up to and with the empty line; empty at the end of the stream. */
  private static String head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Relays the body that {@code head} announces; answers whether all of it was passed on. */
  private boolean body(String head, HttpFault fault, InputStream in, OutputStream out)
      throws IOException {
    if (header(head, "transfer-encoding").contains("chunked")) {
      return chunks(in, out);
    }
    var length = header(head, "content-length");
    var whole = length.isEmpty() ? 0 : Long.parseLong(length);
    var end = fault.cutAnswer() < 0 ? whole : Math.min(whole, fault.cutAnswer());
    var buffer = new byte[64 << 10];
    for (long at = 0; at < end; ) {
      if (fault.hold() > 0 && at == fault.hold()) {
        hold();
      }
      var next = fault.hold() > at ? Math.min(end, fault.hold()) : end;
      // A tenth of a second at a time, where there is a rate.
      var most = fault.rate() > 0 ? Math.max(1, fault.rate() / 10) : buffer.length;
      int read = in.read(buffer, 0, (int) Math.min(Math.min(most, buffer.length), next - at));
      if (read < 0) {
        throw new EOFException();
      }
      if (fault.flip() >= at && fault.flip() < at + read) {
        buffer[(int) (fault.flip() - at)] ^= 1;
      }
      if (fault.rate() > 0) {
        pause(HttpFault.late(java.time.Duration.ofMillis(100)));
      }
      pass(out, buffer, 0, read);
      at += read;
    }
    return end == whole;
  }

  private boolean chunks(InputStream in, OutputStream out) throws IOException {
    while (true) {
      var line = new ByteArrayOutputStream();
      while (!line.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n")) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        line.write(next);
      }
      var text = line.toString(StandardCharsets.ISO_8859_1);
      int size = Integer.parseInt(text.strip().replaceFirst(";.*", ""), 16);
      var chunk = in.readNBytes(size + 2);
      say(out, text);
      pass(out, chunk, 0, chunk.length);
      if (size == 0) {
        return true;
      }
    }
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
