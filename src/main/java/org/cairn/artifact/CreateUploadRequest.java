package org.cairn.artifact;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Announces bytes.
 *
 * @param mediaType of the artifact; default {@code application/octet-stream}
 */
record CreateUploadRequest(
    @NotNull Sha256 sha256,
    @NotNull @Min(0) Long size,
    @Nullable
        @Size(max = MEDIA_TYPE_MAX)
        @Pattern(regexp = MEDIA_TYPE, message = "is not a media type")
        String mediaType) {

  static final int MEDIA_TYPE_MAX = 255;

  private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,127}";

  /** RFC 6838 names, with parameters as in RFC 9110; possessive, so that no text is slow. */
  static final String MEDIA_TYPE =
      TOKEN
          + "/"
          + TOKEN
          + "(?:[ ]*;[ ]*"
          + TOKEN
          + "=(?:"
          + TOKEN
          + "|\"[A-Za-z0-9 !#-\\[\\]-~]{0,127}\"))*+";

  String mediaTypeOrDefault() {
    return mediaType == null ? "application/octet-stream" : mediaType;
  }
}
