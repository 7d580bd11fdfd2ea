/**
 * The write-only store of the Xet protocol, through which clients of the Hub send files: it takes
 * pieces, makes artifacts of them and forgets the pieces. Formats and calls are those of
 * huggingface.co/docs/xet (pages api, xorb, shard). Not a part of the contract of {@code /v1}.
 */
@NullMarked
package org.cairn.xet;

import org.jspecify.annotations.NullMarked;
