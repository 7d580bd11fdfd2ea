/** The ground floor: clock, digests, canonical JSON, the grammar of names, start-up checks. */
@NullMarked
package org.cairn.platform;

import org.jspecify.annotations.NullMarked;
