package org.cairn.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.platform.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page starts: after the row with this key. Opaque to clients; a keyset, so that a
 * page costs the same however far down it is and rows that come or go between two pages do not
 * shift the others.
 */
public record PageToken(List<String> key) {

  private static final String SEPARATOR = "\u001f";
  private static final String ESCAPED = "%1F";
  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  public PageToken {
    key = List.copyOf(key);
  }

  public static PageToken of(Instant createdAt, UUID id) {
    return new PageToken(List.of(createdAt.toString(), id.toString()));
  }

  /** Reads a token of {@code parts} parts, or null where the client sent none. */
  public static @Nullable PageToken parse(@Nullable String token, int parts) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      var key =
          Arrays.stream(text.split(SEPARATOR, -1))
              .map(part -> part.replace(ESCAPED, SEPARATOR).replace("%25", "%"))
              .toList();
      if (key.size() == parts && JsonLimits.faultOfText(text).isEmpty()) {
        return new PageToken(key);
      }
    } catch (IllegalArgumentException e) {
      throw notOurs();
    }
    throw notOurs();
  }

  /**
   * Reads a token over (createdAt, id); the start of a newest-first listing where the client sent
   * none.
   */
  public static Newest newest(@Nullable String token) {
    var parsed = parse(token, 2);
    if (parsed == null) {
      return new Newest(END, new UUID(-1, -1));
    }
    return new Newest(parsed.time(0), parsed.id(1));
  }

  /** Part {@code i} as a number. */
  public long number(int i) {
    try {
      return Long.parseLong(key.get(i));
    } catch (NumberFormatException e) {
      throw notOurs();
    }
  }

  /** Part {@code i} as a number of 32 bits. */
  public int smallNumber(int i) {
    try {
      return Integer.parseInt(key.get(i));
    } catch (NumberFormatException e) {
      throw notOurs();
    }
  }

  /** Part {@code i} as a time. */
  public Instant time(int i) {
    try {
      var time = Instant.parse(key.get(i));
      if (time.isAfter(Instant.EPOCH) && time.isBefore(END)) {
        return time;
      }
    } catch (DateTimeParseException e) {
      throw notOurs();
    }
    throw notOurs();
  }

  /** Part {@code i} as an id. */
  public UUID id(int i) {
    try {
      return UUID.fromString(key.get(i));
    } catch (IllegalArgumentException e) {
      throw notOurs();
    }
  }

  private static RegistryException notOurs() {
    return RegistryException.invalid("pageToken", "is not one that this API handed out");
  }

  @Override
  public String toString() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text().getBytes(StandardCharsets.UTF_8));
  }

  /** A name may have the separator. */
  private String text() {
    return key.stream()
        .map(part -> part.replace("%", "%25").replace(SEPARATOR, ESCAPED))
        .collect(Collectors.joining(SEPARATOR));
  }

  /** The key of a newest-first listing. */
  public record Newest(Instant createdAt, UUID id) {}
}
