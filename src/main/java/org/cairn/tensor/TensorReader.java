package org.cairn.tensor;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactReader;
import org.cairn.artifact.Content;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;
import org.jspecify.annotations.Nullable;

/** Reads tensors and parts of them out of verified files: only their own bytes. */
@ApplicationScoped
public class TensorReader {

  private final ArtifactReader artifacts;

  TensorReader(ArtifactReader artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * A tensor in a format of its own.
   *
   * @param slice which part, as {@link TensorSlice} reads it; null for all
   * @param immutable whether the address that was asked for always has these bytes
   */
  public Content content(
      StoredTensor tensor, @Nullable String slice, TensorFormat format, boolean immutable) {
    var part = new TensorPart(tensor, slice);
    SliceStream.Opener bytes = range -> open(tensor, range);
    var body = format == TensorFormat.NPY ? part.numpy(bytes) : part.raw(bytes);
    var prefix =
        switch (format) {
          case RAW -> new byte[0];
          case NPY -> NumpyHeader.of(body.dtype(), part.shape());
          case SAFETENSORS -> {
            var writer = new SafetensorsWriter(Map.of());
            writer.add(tensor.name(), tensor.dtype(), part.shape(), body.size());
            yield writer.header();
          }
        };
    var digest = format == TensorFormat.RAW && slice == null ? tensor.sha256() : null;
    return new Content(
        digest != null ? digest.hex() : tag(tensor, slice, format),
        prefix.length + body.size(),
        format.mediaType(),
        fileName(tensor.name()) + format.extension(),
        immutable,
        digest,
        range -> open(prefix, body, range));
  }

  /**
   * A part of a tensor among others of an answer.
   *
   * @param shape of the part
   */
  public record Part(StoredTensor tensor, List<Long> shape, Body body) {}

  /**
   * The same part of several tensors, in their order. Their files are looked up with one statement;
   * nothing is read before a body is opened.
   *
   * @param slice which part, as {@link TensorSlice} reads it; null for all
   * @param format whose elements the bodies have: those of {@link TensorFormat#NPY} are NumPy's
   */
  public List<Part> parts(List<StoredTensor> tensors, @Nullable String slice, TensorFormat format) {
    var files = artifacts.locate(tensors.stream().map(StoredTensor::file).distinct().toList());
    return tensors.stream()
        .map(tensor -> {
          var part = new TensorPart(tensor, slice);
          SliceStream.Opener bytes = range -> files.open(tensor.file(), inFile(tensor, range));
          var body = format == TensorFormat.NPY ? part.numpy(bytes) : part.raw(bytes);
          return new Part(tensor, part.shape(), body);
        })
        .toList();
  }

  /** Where a part of a tensor lies, if it is one stretch of bytes. */
  public ByteRange stretch(StoredTensor tensor, @Nullable String slice) {
    return new TensorPart(tensor, slice).stretch();
  }

  private static InputStream open(byte[] prefix, Body body, ByteRange range) throws IOException {
    if (range.offset() >= prefix.length) {
      return body.open(range.offset() - prefix.length, range.length());
    }
    int from = (int) range.offset();
    int some = (int) Math.min(prefix.length - from, range.length());
    var first = new ByteArrayInputStream(prefix, from, some);
    return some == range.length()
        ? first
        : new SequenceInputStream(first, body.open(0, range.length() - some));
  }

  /** The elements of a part of a tensor: little-endian, in C order. */
  public interface Body {
    /** As the format calls the type of the elements. */
    String dtype();

    /** Bytes of all elements. */
    long size();

    /** Opens {@code length} bytes from byte {@code from} on; the caller closes the stream. */
    InputStream open(long from, long length) throws IOException;
  }

  private InputStream open(StoredTensor tensor, ByteRange range) {
    return artifacts.open(tensor.file(), inFile(tensor, range));
  }

  private static ByteRange inFile(StoredTensor tensor, ByteRange range) {
    return new ByteRange(tensor.firstByte() + range.offset(), range.length());
  }

  private static String tag(StoredTensor tensor, @Nullable String slice, TensorFormat format) {
    var all =
        List.of(
            tensor.sha256().hex(),
            tensor.name(),
            tensor.dtype(),
            tensor.shape().toString(),
            String.valueOf(slice),
            format.toString());
    return Sha256.of(String.join("\n", all).getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** What a file of this tensor is called, before its extension. */
  public static String fileName(String tensor) {
    var name = tensor.replaceAll("[^A-Za-z0-9._-]+", "_");
    return name.length() <= 120 ? name : name.substring(0, 120);
  }

  static RegistryException unsuitable(String field, StoredTensor tensor, String reason) {
    return RegistryException.invalid(
        field, "tensor " + tensor.name() + " of type " + tensor.dtype() + " " + reason);
  }
}
