package org.cairn.xet;

/**
 * A stretch of a file: chunks of a xorb that follow each other.
 *
 * @param offset of the first of them in the xorb
 * @param stored bytes of them in the xorb
 * @param size bytes of them in the file
 */
record Term(XetHash xorb, int offset, int stored, int size) {}
