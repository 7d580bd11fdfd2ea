package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/** Takes an Arrow stream of a series apart, as its specification says. */
final class ArrowRows {

  final List<String> columns = new ArrayList<>();
  final Map<String, String> tensorMetadata = new HashMap<>();
  final Map<String, String> metadata = new HashMap<>();
  int elements;

  /** The buffers of each row, one after the other. */
  final List<List<byte[]>> rows = new ArrayList<>();

  private final ByteBuffer in;

  ArrowRows(byte[] stream) {
    in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    while (true) {
      assertThat(in.getInt()).isEqualTo(-1);
      int length = in.getInt();
      if (length == 0) {
        assertThat(in.hasRemaining()).isFalse();
        return;
      }
      assertThat(in.position() % 8).isZero();
      var message = Message.getRootAsMessage(slice(length));
      assertThat(message.bodyLength() % 64).isZero();
      var body = slice((int) message.bodyLength());
      if (message.headerType() == MessageHeader.Schema) {
        schema((Schema) message.header(new Schema()));
      } else {
        rows.add(batch((RecordBatch) message.header(new RecordBatch()), body));
      }
    }
  }

  private ByteBuffer slice(int length) {
    var slice = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return slice;
  }

  private void schema(Schema schema) {
    for (int i = 0; i < schema.fieldsLength(); i++) {
      columns.add(schema.fields(i).name());
    }
    for (int i = 0; i < schema.customMetadataLength(); i++) {
      metadata.put(schema.customMetadata(i).key(), schema.customMetadata(i).value());
    }
    Field tensor = schema.fields(schema.fieldsLength() - 1);
    for (int i = 0; i < tensor.customMetadataLength(); i++) {
      tensorMetadata.put(tensor.customMetadata(i).key(), tensor.customMetadata(i).value());
    }
    elements = ((FixedSizeList) tensor.type(new FixedSizeList())).listSize();
  }

  private static List<byte[]> batch(RecordBatch batch, ByteBuffer body) {
    assertThat(batch.length()).isEqualTo(1);
    var buffers = new ArrayList<byte[]>();
    for (int i = 0; i < batch.buffersLength(); i++) {
      assertThat(batch.buffers(i).offset() % 64).isZero();
      var bytes = new byte[(int) batch.buffers(i).length()];
      body.get((int) batch.buffers(i).offset(), bytes);
      buffers.add(bytes);
    }
    return buffers;
  }

  static String text(byte[] buffer) {
    return new String(buffer, StandardCharsets.UTF_8);
  }

  static long number(byte[] buffer) {
    return ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
