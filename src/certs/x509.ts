/** What the library's dependency injection asks about decorated classes; its build carries no such metadata. */
const NO_METADATA = { getMetadata: () => undefined, getOwnMetadata: () => undefined };

/**
 * The library that writes certificates. It is half a megabyte, and few commands write one, so it is loaded when it is
 * needed. It wants a polyfill of `Reflect` before it loads, and would find nothing there with a real one either.
 */
export function loadX509(): Promise<typeof import('@peculiar/x509')> {
  if (!('getMetadata' in Reflect)) Object.assign(Reflect, NO_METADATA);
  return import('@peculiar/x509');
}
