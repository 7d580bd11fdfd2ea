/**
 * Cairn, an open-checkpoint registry: one package for each feature, floors as in ArchitectureTest.
 */
@NullMarked
package org.cairn;

import org.jspecify.annotations.NullMarked;
