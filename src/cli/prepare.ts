import { prepare, type Prepared } from '../actions/prepare.js';
import type { Bundle } from '../bundle/bundle.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { postRendererOf, valuesRequestOf, type PostRendererFlags, type ValuesFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import type { Terminal } from './terminal.js';
import { tlsFilesOf, type TlsFileFlags } from './tls.js';

/** From a command's flags to objects, without a cluster. Ctrl-C ends a post-renderer; without one there is nothing to end. */
export async function prepareWith(
  terminal: Terminal,
  bundle: Bundle,
  release: ReleaseIdentity,
  flags: ValuesFlags & PostRendererFlags & TlsFileFlags,
): Promise<Prepared> {
  const postRenderer = postRendererOf(flags);
  const request = { release, ...valuesRequestOf(terminal, flags), tls: await tlsFilesOf(flags) };
  if (postRenderer === undefined) return prepare(bundle, request);
  return interruptible(terminal, (signal) => prepare(bundle, { ...request, postRenderer, signal }));
}
