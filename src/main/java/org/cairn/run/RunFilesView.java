package org.cairn.run;

import java.util.List;

/** Files as they were stored, in the order of the request. */
record RunFilesView(List<RunFileView> files) {}
