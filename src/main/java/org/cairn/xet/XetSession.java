package org.cairn.xet;

import java.util.UUID;

/**
 * One upload of one client. Its address is a secret that its client was told and nobody else, and a
 * new one for each upload: clients remember for each address what they sent there, and would not
 * send it again.
 */
public final class XetSession {

  static final String PATH = "/api/xet";

  private XetSession() {}

  /** Path of a new session below the address of this service. */
  public static String open() {
    return PATH + "/" + UUID.randomUUID();
  }
}
