package org.cairn.artifact;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The Content-Disposition header (RFC 6266): always an attachment, since what strangers upload must
 * not run as a page of this host.
 */
final class ContentDisposition {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private ContentDisposition() {}

  /** For a file of this name; of a path, the last segment counts. */
  static String attachment(String path) {
    var name = path.substring(path.lastIndexOf('/') + 1);
    var plain = new StringBuilder();
    name.codePoints().forEach(c -> plain.append(isPlain(c) ? (char) c : '_'));
    var header = "attachment; filename=\"" + plain + "\"";
    return plain.toString().equals(name) ? header : header + "; filename*=UTF-8''" + encoded(name);
  }

  /** Characters that mean themselves between quotes, to every client. */
  private static boolean isPlain(int c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '%';
  }

  /** RFC 8187. */
  private static String encoded(String name) {
    var encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (isAttributeCharacter(b)) {
        encoded.append((char) b);
      } else {
        HEX.toHexDigits(encoded.append('%'), b);
      }
    }
    return encoded.toString();
  }

  private static boolean isAttributeCharacter(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || "!#$&+-.^_`|~".indexOf(b) >= 0;
  }
}
