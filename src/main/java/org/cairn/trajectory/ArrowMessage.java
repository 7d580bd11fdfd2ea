package org.cairn.trajectory;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;

/**
 * Frames the messages of an <a
 * href="https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format">Arrow stream</a>:
 * what stands before a message's body.
 */
final class ArrowMessage {

  /** Of the body and of each of its buffers, as Arrow recommends for them. */
  static final int ALIGNMENT = 64;

  private static final int CONTINUATION = -1;
  private static final int PREFIX = 8;

  private ArrowMessage() {}

  /** Ends a message whose header is an object that was just written. */
  static byte[] bytes(FlatBufferBuilder builder, byte headerType, int header, long bodyLength) {
    Message.startMessage(builder);
    Message.addVersion(builder, MetadataVersion.V5);
    Message.addHeaderType(builder, headerType);
    Message.addHeader(builder, header);
    Message.addBodyLength(builder, bodyLength);
    builder.finish(Message.endMessage(builder));
    var message = builder.sizedByteArray();
    int length = (int) padded(PREFIX + message.length) - PREFIX;
    return ByteBuffer.allocate(PREFIX + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(CONTINUATION)
        .putInt(length)
        .put(message)
        .array();
  }

  /** What an Arrow stream ends with. */
  static byte[] end() {
    return ByteBuffer.allocate(PREFIX)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(CONTINUATION)
        .putInt(0)
        .array();
  }

  static long padded(long length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
