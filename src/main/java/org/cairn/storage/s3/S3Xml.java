package org.cairn.storage.s3;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An answer of the store: the fields of the document and its repeated elements. Takes what is there
 * and asks for nothing, unlike the client's own parser, which refuses listings without the owners
 * and storage classes that several stores leave out.
 */
record S3Xml(Map<String, String> fields, List<Map<String, String>> items) {

  private static final XMLInputFactory FACTORY = factory();

  private static XMLInputFactory factory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** Reads a document; {@code item} is the name of its repeated element. */
  static S3Xml read(InputStream document, String item) throws XMLStreamException {
    var reader = FACTORY.createXMLStreamReader(document);
    try {
      var items = new ArrayList<Map<String, String>>();
      var fields = new HashMap<String, String>();
      reader.nextTag();
      while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
        var name = reader.getLocalName();
        if (name.equals(item)) {
          items.add(children(reader));
        } else {
          fields.put(name, text(reader));
        }
      }
      return new S3Xml(fields, items);
    } finally {
      reader.close();
    }
  }

  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  private static Map<String, String> children(XMLStreamReader reader) throws XMLStreamException {
    var children = new HashMap<String, String>();
    while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
      children.put(reader.getLocalName(), text(reader));
    }
    return children;
  }

  /** The text of the element that begins here; elements inside it are passed over. */
  private static String text(XMLStreamReader reader) throws XMLStreamException {
    var text = new StringBuilder();
    for (int depth = 1; depth > 0; ) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (depth == 1) {
            text.append(reader.getText());
          }
        }
        default -> {
          // Comments and the like carry nothing.
        }
      }
    }
    return text.toString();
  }
}
