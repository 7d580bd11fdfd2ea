package org.cairn.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairn.api.ClientGoneException;
import org.cairn.platform.Names;

/**
 * The form that Python asks for paths with. Read here, since the reader of forms that comes with
 * the HTTP server counts a form that is wrong, or that has a thousand paths and a flag, among its
 * own failures.
 */
record PathsForm(List<String> paths, boolean expand) {

  /** Of the longest paths, percent-encoded, as many as may be asked for. */
  private static final int MAX_BYTES = PathsListing.MOST * (3 * Names.PATH_MAX + 20);

  static PathsForm read(InputStream body) {
    var paths = new ArrayList<String>();
    boolean expand = false;
    for (var field : text(body).split("&", -1)) {
      int equals = field.indexOf('=');
      var value = equals < 0 ? "" : decoded(field.substring(equals + 1));
      var name = equals < 0 ? field : field.substring(0, equals);
      if (name.equals("paths")) {
        paths.add(value);
      } else if (name.equals("expand")) {
        expand = Flags.isSet(value);
      }
    }
    return new PathsForm(paths, expand);
  }

  private static String text(InputStream body) {
    try (body) {
      var bytes = body.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new HubException(413, "The form is longer than that of the most paths");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HubException(400, "The form cannot be read");
    }
  }
}
