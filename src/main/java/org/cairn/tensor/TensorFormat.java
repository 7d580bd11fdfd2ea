package org.cairn.tensor;

import java.util.Locale;
import org.cairn.api.Choice;

/** The formats that one tensor, or a part of it, is answered in. */
public enum TensorFormat {
  /** A safetensors file of one tensor. */
  SAFETENSORS("application/octet-stream", ".safetensors"),
  /**
   * NumPy's format, version 1.0. Types that NumPy does not have (BF16, and floats of 8, 6 and 4
   * bits) become float32, which holds each of their values exactly.
   */
  NPY("application/octet-stream", ".npy"),
  /** The bytes of the elements, little-endian, in C order. */
  RAW("application/octet-stream", ".bin");

  private final String mediaType;
  private final String extension;

  TensorFormat(String mediaType, String extension) {
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

  /** The format of that name. */
  public static TensorFormat parse(String name) {
    return Choice.of("format", values(), TensorFormat::toString, name);
  }
}
