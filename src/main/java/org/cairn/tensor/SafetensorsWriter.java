package org.cairn.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Writes the header of a safetensors file, whose tensors then follow one after the other. */
public final class SafetensorsWriter {

  private static final int ALIGNMENT = 8;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ObjectNode header = JSON.createObjectNode();
  private long position;

  /**
   * @param metadata of the file; {@code __metadata__} is left out where it is empty
   */
  public SafetensorsWriter(Map<String, String> metadata) {
    if (!metadata.isEmpty()) {
      var node = header.putObject("__metadata__");
      metadata.forEach(node::put);
    }
  }

  /** Says what the next {@code size} bytes are. */
  public void add(String name, String dtype, List<Long> shape, long size) {
    var entry = header.putObject(name).put("dtype", dtype);
    var extents = entry.putArray("shape");
    shape.forEach(extents::add);
    entry.putArray("data_offsets").add(position).add(position + size);
    position += size;
  }

  /** Everything up to the first byte of the first tensor, which is aligned. */
  public byte[] header() {
    try {
      var json = JSON.writeValueAsBytes(header);
      int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      var bytes =
          ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
      while (bytes.hasRemaining()) {
        bytes.put((byte) ' ');
      }
      return bytes.array();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Bytes of all tensors. */
  long dataSize() {
    return position;
  }
}
