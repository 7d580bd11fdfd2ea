package org.cairn.artifact;

import java.util.List;
import org.cairn.platform.Sha256;

/** The digests whose bytes are here and verified, in the order of the request. */
record KnownView(List<Sha256> known) {}
