package org.cairn.job;

/** A job became due; observed after the commit. */
record JobDue() {}
