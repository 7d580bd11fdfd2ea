package org.cairn.tensor;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.cairn.api.RegistryException;
import org.cairn.storage.ByteRange;
import org.cairn.tensor.TensorReader.Body;
import org.jspecify.annotations.Nullable;

/** A tensor or a part of it: its shape, and where its bytes lie. */
final class TensorPart {

  private static final int FLOAT_BYTES = Float.BYTES;

  private final StoredTensor tensor;
  private final Optional<TensorType> type;
  private final TensorSlice slice;
  private final SliceBlocks blocks;

  TensorPart(StoredTensor tensor, @Nullable String slice) {
    this.tensor = tensor;
    this.type = TensorType.of(tensor.dtype());
    if (type.isPresent()) {
      this.slice = TensorSlice.parse(slice, tensor.shape());
      this.blocks = SliceBlocks.of(tensor.shape(), type.get().bits(), this.slice);
    } else if (slice == null) {
      this.slice = TensorSlice.whole(tensor.shape());
      var bytes = List.of(tensor.size());
      this.blocks = SliceBlocks.of(bytes, Byte.SIZE, TensorSlice.whole(bytes));
    } else {
      throw TensorReader.unsuitable("slice", tensor, "can be read only as a whole");
    }
  }

  List<Long> shape() {
    return slice.shape();
  }

  /** Where it lies in the file; refuses what lies in several places. */
  ByteRange stretch() {
    if (!blocks.isContiguous() || blocks.total() == 0) {
      throw RegistryException.invalid(
          "slice", "is not one stretch of bytes, so no address of the store can be given for it");
    }
    return new ByteRange(tensor.firstByte() + blocks.offset(0), blocks.total());
  }

  /** The elements as they are. */
  Body raw(SliceStream.Opener tensorBytes) {
    return new Elements(tensor.dtype(), blocks.total()) {
      @Override
      public InputStream open(long from, long length) {
        return slice(tensorBytes, from, length);
      }
    };
  }

  /** The elements as NumPy knows them. */
  Body numpy(SliceStream.Opener tensorBytes) {
    var known =
        type.orElseThrow(
            () -> TensorReader.unsuitable("format", tensor, "cannot be written for NumPy"));
    var descr = NumpyHeader.descr(known);
    if (descr.isPresent()) {
      return new Elements(descr.get(), blocks.total()) {
        @Override
        public InputStream open(long from, long length) {
          return slice(tensorBytes, from, length);
        }
      };
    }
    return new Elements("<f4", slice.elements() * FLOAT_BYTES) {
      @Override
      public InputStream open(long from, long length) {
        // Eight elements of any type are whole bytes.
        long group = from / FLOAT_BYTES / 8;
        long bytes = group * known.bits();
        int skip = (int) (from - group * 8 * FLOAT_BYTES);
        return new WideningStream(
            slice(tensorBytes, bytes, blocks.total() - bytes), known, skip, length);
      }
    };
  }

  private InputStream slice(SliceStream.Opener tensorBytes, long from, long length) {
    return length == 0
        ? InputStream.nullInputStream()
        : new SliceStream(blocks, tensorBytes, from, length);
  }

  /** Elements of one type. */
  private abstract static class Elements implements Body {
    private final String dtype;
    private final long size;

    Elements(String dtype, long size) {
      this.dtype = dtype;
      this.size = size;
    }

    @Override
    public String dtype() {
      return dtype;
    }

    @Override
    public long size() {
      return size;
    }
  }
}
