package org.cairn.artifact;

import java.io.IOException;
import java.io.InputStream;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a client can ask for, whole or in parts.
 *
 * @param tag strong entity tag, without quotation marks
 * @param size in bytes
 * @param fileName name or path under which a browser should save them
 * @param immutable whether the address that was asked for always has these bytes
 * @param digest of all bytes, where it is known
 */
public record Content(
    String tag,
    long size,
    String mediaType,
    String fileName,
    boolean immutable,
    @Nullable Sha256 digest,
    Source source) {

  /** Opens a part of the bytes; the caller closes the stream. */
  public interface Source {
    InputStream open(ByteRange range) throws IOException;
  }
}
