package org.cairn.trajectory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a Parquet file: texts, 64-bit integers and doubles, all of them optional, not compressed.
 * Holds one group of rows, of about 4 MiB.
 */
final class StatisticsParquet implements StatisticsSink {

  private static final long ROW_GROUP_BYTES = 4L << 20;
  private static final int PAGE_BYTES = 128 << 10;

  private final ParquetWriter<StatisticsRow> writer;

  StatisticsParquet(OutputStream out, List<StatisticsColumn> columns) throws IOException {
    writer =
        new Builder(new StreamFile(out), columns)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .build();
  }

  @Override
  public void write(StatisticsRow row) throws IOException {
    writer.write(row);
  }

  @Override
  public void finish() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<StatisticsRow, Builder> {
    private final List<StatisticsColumn> columns;

    Builder(OutputFile file, List<StatisticsColumn> columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<StatisticsRow> getWriteSupport(ParquetConfiguration configuration) {
      return new RowSupport(columns);
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract
    protected WriteSupport<StatisticsRow> getWriteSupport(Configuration configuration) {
      return new RowSupport(columns);
    }
  }

  /** Shows a row to the writer, column by column. */
  private static final class RowSupport extends WriteSupport<StatisticsRow> {
    private final List<StatisticsColumn> columns;
    private @Nullable RecordConsumer consumer;

    RowSupport(List<StatisticsColumn> columns) {
      this.columns = columns;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      this.consumer = consumer;
    }

    @Override
    public void write(StatisticsRow row) {
      var to = Objects.requireNonNull(consumer, "a writer prepares first");
      to.startMessage();
      for (int i = 0; i < columns.size(); i++) {
        var column = columns.get(i);
        var value = column.of(row);
        if (value != null) {
          to.startField(column.title(), i);
          switch (value) {
            case Long number -> to.addLong(number);
            case Double number -> to.addDouble(number);
            default -> to.addBinary(Binary.fromString(value.toString()));
          }
          to.endField(column.title(), i);
        }
      }
      to.endMessage();
    }
  }

  private static MessageType schema(List<StatisticsColumn> columns) {
    var message = Types.buildMessage();
    for (var column : columns) {
      message.addField(
          switch (column.type()) {
            case TEXT ->
                Types.primitive(PrimitiveTypeName.BINARY, Repetition.OPTIONAL)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(column.title());
            case INTEGER ->
                Types.primitive(PrimitiveTypeName.INT64, Repetition.OPTIONAL).named(column.title());
            case REAL ->
                Types.primitive(PrimitiveTypeName.DOUBLE, Repetition.OPTIONAL)
                    .named(column.title());
          });
    }
    return message.named("tensor_statistics");
  }

  /** What is written once, from its beginning to its end. */
  private record StreamFile(OutputStream out) implements OutputFile {

    @Override
    public PositionOutputStream create(long blockSize) {
      return new Positioned(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class Positioned extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    Positioned(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    /** The stream is the caller's. */
    @Override
    public void close() {}
  }
}
