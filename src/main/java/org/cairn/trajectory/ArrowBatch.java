package org.cairn.trajectory;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * A record batch of one row: everything that stands before the elements of its tensor, which are
 * the last buffer and never in memory. Its columns are added in the order of {@link ArrowSchema}.
 */
final class ArrowBatch {

  /** A buffer of the body: its place and its length in bytes. */
  private record Extent(long offset, long length) {}

  /** A column, or the items of one. */
  private record Node(long length, long nulls) {}

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<Extent> buffers = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  void text(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    nodes.add(new Node(1, 0));
    buffer(new byte[0]);
    buffer(little(Integer.BYTES * 2).putInt(0).putInt(bytes.length).array());
    buffer(bytes);
  }

  void number(@Nullable Long value) {
    nodes.add(new Node(1, value == null ? 1 : 0));
    // Without nulls there is no bitmap of them; a single row that is null has the bitmap 0.
    buffer(new byte[value == null ? 1 : 0]);
    buffer(little(Long.BYTES).putLong(value == null ? 0 : value).array());
  }

  /**
   * Adds the tensor, which ends the batch.
   *
   * @param count elements
   * @param size in bytes
   * @return what stands before the elements; after them come bytes up to {@link
   *     ArrowMessage#padded}
   */
  byte[] tensor(long count, long size) {
    nodes.add(new Node(1, 0));
    buffer(new byte[0]);
    nodes.add(new Node(count, 0));
    buffer(new byte[0]);
    buffers.add(new Extent(body.size(), size));
    var message = message(body.size() + ArrowMessage.padded(size));
    return ByteBuffer.allocate(message.length + body.size())
        .put(message)
        .put(body.toByteArray())
        .array();
  }

  private byte[] message(long bodyLength) {
    var builder = new FlatBufferBuilder();
    // Structures of a vector are written from the last to the first.
    RecordBatch.startBuffersVector(builder, buffers.size());
    buffers
        .reversed()
        .forEach(extent -> Buffer.createBuffer(builder, extent.offset(), extent.length()));
    int bufferVector = builder.endVector();
    RecordBatch.startNodesVector(builder, nodes.size());
    nodes
        .reversed()
        .forEach(node -> FieldNode.createFieldNode(builder, node.length(), node.nulls()));
    int nodeVector = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, 1);
    RecordBatch.addNodes(builder, nodeVector);
    RecordBatch.addBuffers(builder, bufferVector);
    int batch = RecordBatch.endRecordBatch(builder);
    return ArrowMessage.bytes(builder, MessageHeader.RecordBatch, batch, bodyLength);
  }

  private void buffer(byte[] bytes) {
    buffers.add(new Extent(body.size(), bytes.length));
    body.writeBytes(bytes);
    body.writeBytes(new byte[(int) (ArrowMessage.padded(bytes.length) - bytes.length)]);
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
