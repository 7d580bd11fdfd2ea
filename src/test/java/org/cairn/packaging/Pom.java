package org.cairn.packaging;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;

/** pom.xml, where the version of the program is written. */
final class Pom {

  private Pom() {}

  static String version() throws Exception {
    return text("/project/version");
  }

  static String property(String name) throws Exception {
    return text("/project/properties/*[local-name()='" + name + "']");
  }

  private static String text(String path) throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    return XPathFactory.newInstance().newXPath().evaluate(path, document);
  }
}
