package org.cairn.trajectory;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/**
 * The schema of a series: {@code run} where there are several, {@code label}, {@code step}, {@code
 * tokens} and {@code tensor}, which is of the canonical extension type <a
 * href="https://arrow.apache.org/docs/format/CanonicalExtensions.html#fixed-shape-tensor">fixed
 * shape tensor</a>.
 */
final class ArrowSchema {

  private static final int[] NOTHING = {};

  private final FlatBufferBuilder builder = new FlatBufferBuilder();

  private ArrowSchema() {}

  /** The message that an Arrow stream begins with. */
  static byte[] message(
      ArrowType elements,
      int count,
      List<Long> shape,
      boolean runs,
      SequencedMap<String, String> metadata) {
    return new ArrowSchema().write(elements, count, shape, runs, metadata);
  }

  private byte[] write(
      ArrowType elements,
      int count,
      List<Long> shape,
      boolean runs,
      SequencedMap<String, String> metadata) {
    var fields = new ArrayList<Integer>();
    if (runs) {
      fields.add(text("run"));
    }
    fields.add(text("label"));
    fields.add(number("step", false));
    fields.add(number("tokens", true));
    fields.add(tensor(elements, count, shape));
    int vector = Schema.createFieldsVector(builder, ints(fields));
    int values = metadata(metadata);
    Schema.startSchema(builder);
    Schema.addEndianness(builder, Endianness.Little);
    Schema.addFields(builder, vector);
    Schema.addCustomMetadata(builder, values);
    return ArrowMessage.bytes(builder, MessageHeader.Schema, Schema.endSchema(builder), 0);
  }

  private int text(String name) {
    Utf8.startUtf8(builder);
    return field(name, false, Type.Utf8, Utf8.endUtf8(builder), NOTHING, 0);
  }

  private int number(String name, boolean nullable) {
    int type = Int.createInt(builder, Long.SIZE, true);
    return field(name, nullable, Type.Int, type, NOTHING, 0);
  }

  private int tensor(ArrowType elements, int count, List<Long> shape) {
    int item = field("item", true, elements.type(), elements.write(builder), NOTHING, 0);
    int list = FixedSizeList.createFixedSizeList(builder, count);
    var extents = shape.stream().map(String::valueOf).collect(Collectors.joining(","));
    var extension = new LinkedHashMap<String, String>();
    extension.put("ARROW:extension:name", "arrow.fixed_shape_tensor");
    extension.put("ARROW:extension:metadata", "{\"shape\":[" + extents + "]}");
    return field("tensor", false, Type.FixedSizeList, list, new int[] {item}, metadata(extension));
  }

  private int field(
      String name, boolean nullable, byte typeType, int type, int[] children, int metadata) {
    int text = builder.createString(name);
    int vector = Field.createChildrenVector(builder, children);
    Field.startField(builder);
    Field.addName(builder, text);
    Field.addNullable(builder, nullable);
    Field.addTypeType(builder, typeType);
    Field.addType(builder, type);
    Field.addChildren(builder, vector);
    if (metadata != 0) {
      Field.addCustomMetadata(builder, metadata);
    }
    return Field.endField(builder);
  }

  /** In order: ranges of an answer may come from several replicas, which write the same bytes. */
  private int metadata(SequencedMap<String, String> metadata) {
    var pairs = new ArrayList<Integer>();
    metadata.forEach((key, value) ->
        pairs.add(
            KeyValue.createKeyValue(
                builder, builder.createString(key), builder.createString(value))));
    return Schema.createCustomMetadataVector(builder, ints(pairs));
  }

  private static int[] ints(List<Integer> offsets) {
    return offsets.stream().mapToInt(Integer::intValue).toArray();
  }
}
