package org.cairn.platform;

/** The grammar of media types: what clients say of files goes into headers. */
public final class MediaTypes {

  /** Longest media type, in characters. */
  public static final int MAX = 255;

  /** What bytes are of which nobody said anything. */
  public static final String DEFAULT = "application/octet-stream";

  private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,127}";

  /** RFC 6838 names, with parameters as in RFC 9110; possessive, so that no text is slow. */
  public static final String REGEX =
      TOKEN
          + "/"
          + TOKEN
          + "(?:[ ]*;[ ]*"
          + TOKEN
          + "=(?:"
          + TOKEN
          + "|\"[A-Za-z0-9 !#-\\[\\]-~]{0,127}\"))*+";

  public static final String MESSAGE = "is not a media type";

  private MediaTypes() {}
}
