package org.cairn.artifact;

import java.io.InputStream;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, which {@link BodyDelivery} sends and closes.
 *
 * @param length how many there are
 * @param digest of all of them, where it is known
 */
record ContentBody(InputStream bytes, long length, @Nullable Sha256 digest) {}
