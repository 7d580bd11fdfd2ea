package org.cairn.artifact;

import java.util.List;

/**
 * What has arrived of an upload.
 *
 * @param arrived the parts in the store, whatever their size
 * @param missing the numbers of the parts to send: those that did not arrive, or not whole
 */
record PartsView(List<ArrivedPart> arrived, List<Integer> missing) {

  /** A part in the store. */
  record ArrivedPart(int number, long size, String etag) {}
}
