package org.cairn.platform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;

/**
 * Jackson reads a number when it is asked for its value, and one whose exponent has too many digits
 * then fails like a fault of the program. Here it fails like every other number beyond a limit.
 */
final class BoundedJsonFactory extends JsonFactory {

  private static final long serialVersionUID = 1L;

  BoundedJsonFactory(JsonFactoryBuilder builder) {
    super(builder);
  }

  private BoundedJsonFactory(BoundedJsonFactory source) {
    super(source, null);
  }

  @Override
  public JsonFactory copy() {
    return new BoundedJsonFactory(this);
  }

  @Override
  protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
    return new Numbers(super._createParser(in, context));
  }

  @Override
  protected JsonParser _createParser(Reader reader, IOContext context) throws IOException {
    return new Numbers(super._createParser(reader, context));
  }

  @Override
  protected JsonParser _createParser(
      char[] data, int offset, int length, IOContext context, boolean recyclable)
      throws IOException {
    return new Numbers(super._createParser(data, offset, length, context, recyclable));
  }

  @Override
  protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context)
      throws IOException {
    return new Numbers(super._createParser(data, offset, length, context));
  }

  private static final class Numbers extends JsonParserDelegate {
    Numbers(JsonParser parser) {
      super(parser);
    }

    @Override
    public BigDecimal getDecimalValue() throws IOException {
      try {
        return super.getDecimalValue();
      } catch (NumberFormatException e) {
        throw tooLarge();
      }
    }

    @Override
    public Number getNumberValue() throws IOException {
      try {
        return super.getNumberValue();
      } catch (NumberFormatException e) {
        throw tooLarge();
      }
    }

    private StreamConstraintsException tooLarge() {
      return new StreamConstraintsException(
          "Number has an exponent of too many digits", currentLocation());
    }
  }
}
