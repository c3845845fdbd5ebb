/** The command that the scripts of the shells call; it is in no help. */
export const COMPLETE = '__complete';
