package org.cairn.hub;

import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a client is to send a file: as a part of the commit, or before it. */
enum UploadMode {
  REGULAR("regular"),
  LFS("lfs");

  /**
   * Largest file of a commit that clients are told to send in it. Less than elsewhere: clients send
   * all such files of a folder in one request.
   */
  private static final long SMALL = 1L << 20;

  /** Formats of bytes; of what they hold, the index reads some. */
  private static final Set<String> BINARY =
      Set.of(
          "safetensors",
          "bin",
          "pt",
          "pth",
          "ckpt",
          "gguf",
          "onnx",
          "h5",
          "msgpack",
          "npy",
          "npz",
          "pkl",
          "pickle",
          "parquet",
          "arrow",
          "model",
          "gz",
          "zip",
          "zst",
          "tar",
          "png",
          "pdf");

  private final String text;

  UploadMode(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * Chooses for a file.
   *
   * @param sample its beginning in base64
   */
  static UploadMode of(String path, long size, @Nullable String sample) {
    if (size == 0) {
      return REGULAR;
    }
    var extension = path.substring(path.lastIndexOf('.') + 1);
    return size > SMALL || BINARY.contains(extension) || isBinary(sample) ? LFS : REGULAR;
  }

  private static boolean isBinary(@Nullable String sample) {
    try {
      for (byte b : Base64.getDecoder().decode(sample == null ? "" : sample)) {
        if (b == 0) {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
