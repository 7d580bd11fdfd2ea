package org.cairn.trajectory;

import java.util.Locale;
import org.cairn.api.Choice;

/** The formats that one tensor across checkpoints is answered in. */
enum SeriesFormat {
  /** A safetensors file with an entry for each checkpoint; their types and shapes may differ. */
  SAFETENSORS("application/octet-stream", ".safetensors"),
  /** One array, whose first axis are the checkpoints. */
  NPY("application/octet-stream", ".npy"),
  /** A stream of record batches, one for each checkpoint. */
  ARROW("application/vnd.apache.arrow.stream", ".arrows");

  private final String mediaType;
  private final String extension;

  SeriesFormat(String mediaType, String extension) {
    this.mediaType = mediaType;
    this.extension = extension;
  }

  String mediaType() {
    return mediaType;
  }

  String extension() {
    return extension;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static SeriesFormat parse(String name) {
    return Choice.of("format", values(), SeriesFormat::toString, name);
  }
}
