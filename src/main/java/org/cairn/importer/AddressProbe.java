package org.cairn.importer;

import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.cairn.importer.PublicHttp.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host whether it still has what an address names, and by which digest: HEAD, and no byte of
 * what is there. {@link PublicHttp} sees to it that nobody is led into a network that is not
 * public.
 */
final class AddressProbe {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern QUOTED = Pattern.compile("(?:W/)?\"?([^\"]{1,200})\"?");

  private final PublicHttp http;

  AddressProbe(PublicHttp http) {
    this.http = http;
  }

  /** What became of the question. */
  enum State {
    AVAILABLE,
    /** It is there, for those who may have it. */
    GATED,
    MISSING,
    /** Nobody was asked, since the address leads where nobody should be led. */
    REFUSED,
    /** No answer, or one that says nothing of what is there. */
    UNKNOWN
  }

  /**
   * What a host says.
   *
   * @param reason for people
   * @param size in bytes; null where it is not said
   * @param algorithm of the digest: sha256, or etag for a mark that only compares with itself; null
   *     where there is none
   * @param digest null where there is none
   */
  record Answer(
      State state,
      String reason,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest) {

    private static Answer of(State state, String reason) {
      return new Answer(state, reason, null, null, null);
    }
  }

  /** Asks for what an address names. Takes up to ten seconds for each redirect. */
  Answer probe(String address) throws InterruptedException {
    try {
      var at = PublicHttp.parsed(address);
      for (int redirects = 0; redirects <= PublicHttp.REDIRECTS_MAX; redirects++) {
        var response = http.head(at);
        var status = response.status();
        // A host that keeps its files elsewhere says here what it will send there.
        boolean said = response.header("X-Linked-Etag") != null;
        if (status < 300 || status >= 400 || said) {
          return answer(response);
        }
        var next = response.header("Location");
        if (next == null) {
          return Answer.of(State.UNKNOWN, "a redirect to nowhere, " + status);
        }
        at = PublicHttp.redirected(at, next);
      }
      return Answer.of(State.UNKNOWN, "more than " + PublicHttp.REDIRECTS_MAX + " redirects");
    } catch (RefusedException e) {
      return Answer.of(State.REFUSED, Objects.requireNonNull(e.getMessage()));
    } catch (UnknownHostException e) {
      return Answer.of(State.UNKNOWN, "its host has no address");
    } catch (TimeoutException e) {
      return Answer.of(State.UNKNOWN, "no answer within " + PublicHttp.TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Answer.of(State.UNKNOWN, "no answer: " + e.getCause());
    }
  }

  private static Answer answer(PublicHttp.Reply response) {
    int status = response.status();
    return switch (status) {
      case 401, 403 -> Answer.of(State.GATED, "status " + status);
      case 404, 410 -> Answer.of(State.MISSING, "status " + status);
      default -> status < 400 ? available(response) : Answer.of(State.UNKNOWN, "status " + status);
    };
  }

  private static Answer available(PublicHttp.Reply response) {
    var linked = response.header("X-Linked-Etag");
    var tag = linked == null ? response.header("ETag") : linked;
    var size =
        linked == null ? response.header("Content-Length") : response.header("X-Linked-Size");
    var quoted = QUOTED.matcher(tag == null ? "" : tag);
    var digest = quoted.matches() ? quoted.group(1) : null;
    return new Answer(
        State.AVAILABLE,
        "status " + response.status(),
        size == null ? null : bytes(size),
        digest == null ? null : SHA256.matcher(digest).matches() ? "sha256" : "etag",
        digest);
  }

  private static @Nullable Long bytes(String text) {
    try {
      long bytes = Long.parseLong(text);
      return bytes < 0 ? null : bytes;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
