/** The folder that everything of an archive is in, as in a chart. */
export const TOP = 'kthena/';
/** Below it, the files of the bundle: not at the top, since Helm would install what is in `crds/` before it renders anything. */
export const CONTENTS = 'bundle/';
