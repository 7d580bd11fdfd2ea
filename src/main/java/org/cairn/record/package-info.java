/**
 * What the bucket knows of the catalogue besides manifests: of each thing its newest rows, written
 * as an object of its own soon after every change. What a kind of thing is made of its feature says
 * ({@link org.cairn.record.RecordKind}).
 */
@NullMarked
package org.cairn.record;

import org.jspecify.annotations.NullMarked;
