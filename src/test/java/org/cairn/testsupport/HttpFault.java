package org.cairn.testsupport;

import java.time.Duration;

/**
 * What goes wrong with one exchange of HTTP; -1 where a position means nowhere.
 *
 * @param status answered in the server's place, with {@code text}; 0 where the server is asked
 * @param before how long the first byte of the answer takes
 * @param rate bytes of the answer's body a second; 0 where nothing slows it
 * @param cutRequest bytes of the request's body after which both connections end
 * @param cutAnswer bytes of the answer's body after which the connection ends, in order
 * @param flip position in the answer's body of the byte that is another one
 * @param hold bytes of the answer's body after which it waits for {@link HttpFaultProxy#release}; 0
 *     holds its head too
 */
public record HttpFault(
    int status,
    String text,
    Duration before,
    long rate,
    long cutRequest,
    long cutAnswer,
    long flip,
    long hold) {

  public static final HttpFault NONE = new HttpFault(0, "", Duration.ZERO, 0, -1, -1, -1, -1);

  private static final String SLOW_DOWN =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          + "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

  /** 503 of the store itself. */
  public static HttpFault slowDown() {
    return answer(503, SLOW_DOWN);
  }

  /** An answer of somebody before the store. */
  public static HttpFault answer(int status, String text) {
    return new HttpFault(status, text, Duration.ZERO, 0, -1, -1, -1, -1);
  }

  public static HttpFault late(Duration by) {
    return new HttpFault(0, "", by, 0, -1, -1, -1, -1);
  }

  public static HttpFault slow(long bytesASecond) {
    return new HttpFault(0, "", Duration.ZERO, bytesASecond, -1, -1, -1, -1);
  }

  public static HttpFault cutRequest(long after) {
    return new HttpFault(0, "", Duration.ZERO, 0, after, -1, -1, -1);
  }

  public static HttpFault cutAnswer(long after) {
    return new HttpFault(0, "", Duration.ZERO, 0, -1, after, -1, -1);
  }

  public static HttpFault flip(long position) {
    return new HttpFault(0, "", Duration.ZERO, 0, -1, -1, position, -1);
  }

  public static HttpFault hold(long after) {
    return new HttpFault(0, "", Duration.ZERO, 0, -1, -1, -1, after);
  }
}
