import type { UpgradePlanRequest } from '../actions/upgrade-plan.js';
import {
  postRendererOf,
  valuesModeOf,
  valuesRequestOf,
  type BundleFlag,
  type ClusterFlags,
  type NamespaceFlags,
  type PostRendererFlags,
  type ReuseFlags,
  type ValuesFlags,
} from './flags.js';
import type { Terminal } from './terminal.js';
import { tlsFilesOf, type TlsFileFlags } from './tls.js';

/** The flags of what plans an install or upgrade. */
export interface PlanFlags
  extends BundleFlag, NamespaceFlags, ValuesFlags, PostRendererFlags, TlsFileFlags, ReuseFlags, ClusterFlags {
  skipCrds: boolean;
  takeOwnership: boolean;
  forceConflicts: boolean;
}

/** What is to be planned for a release, from the flags; certificate files are read. */
export async function planRequestOf(
  terminal: Terminal,
  name: string,
  flags: PlanFlags,
): Promise<Omit<UpgradePlanRequest, 'goOn' | 'orInstall'>> {
  const { namespace, skipCrds, takeOwnership, forceConflicts } = flags;
  return {
    release: { name, namespace },
    values: { ...valuesRequestOf(terminal, flags), postRenderer: postRendererOf(flags), tls: await tlsFilesOf(flags) },
    mode: valuesModeOf(flags),
    skipCrds,
    takeOwnership,
    forceConflicts,
  };
}
