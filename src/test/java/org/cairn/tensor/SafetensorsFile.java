package org.cairn.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes files, right ones and wrong ones. */
final class SafetensorsFile {

  private SafetensorsFile() {}

  /** A file with this text for a header, and as many zeros of data. */
  static byte[] of(String header, int data) {
    return of(header, new byte[data]);
  }

  static byte[] of(String header, byte[] data) {
    var text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  /** A file of vectors, one after the other. */
  static byte[] of(List<String> names, List<TensorType> types, List<byte[]> tensors) {
    var header = new ArrayList<String>();
    var data = new ByteArrayOutputStream();
    for (int i = 0; i < names.size(); i++) {
      int begin = data.size();
      data.writeBytes(tensors.get(i));
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
              .formatted(
                  names.get(i),
                  types.get(i),
                  tensors.get(i).length * 8L / types.get(i).bits(),
                  begin,
                  data.size()));
    }
    return of("{" + String.join(",", header) + "}", data.toByteArray());
  }

  /** As the verification reads it, in pieces of this size. */
  static SafetensorsIndex index(byte[] file, int piece) {
    var inspection = new SafetensorsInspection(file.length, (sha256, index) -> {});
    for (int at = 0; at < file.length; at += piece) {
      for (var lane : inspection.lanes()) {
        lane.add(file, at, Math.min(piece, file.length - at));
      }
    }
    return inspection.result();
  }

  /** What only one of the lanes sees: the tensors, or why there are none. */
  static List<IndexedTensor> scan(byte[] file, int piece) throws MalformedSafetensorsException {
    var index = index(file, piece);
    if (index.fault() != null) {
      throw new MalformedSafetensorsException(index.fault());
    }
    return index.tensors();
  }
}
