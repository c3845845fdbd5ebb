import type { Emit } from '../events.js';
import type { KubeClient } from '../kube/client.js';

/** Who this tool is to the API server: it owns the fields it applies under this name. */
export const FIELD_MANAGER = 'kthena';

/** What an action works with. Actions print nothing: they emit events and return a result. */
export interface ActionContext {
  client: KubeClient;
  /** Aborted by the first Ctrl-C: an action then stops at the next safe point. */
  signal: AbortSignal;
  emit: Emit;
  now: () => Date;
}
