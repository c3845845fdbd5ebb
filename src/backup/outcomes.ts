import { formatRef, refOf } from '../kube/object.js';
import type { BackupDocument } from './read.js';
import type { Outcome } from './restore-resource.js';

export interface KindCounts {
  restored: number;
  /** Of the restored ones, those whose status the cluster does not take. */
  withoutStatus: number;
  /** Were there already, and were left as they are. */
  existing: number;
  /** As they are, the cluster does not take them. */
  refused: number;
  /** Could not be restored for another reason, and may be the next time. */
  failed: number;
  /** In a dry run, those whose namespace is not there yet. */
  untried: number;
}

/** Something about one resource that the user has to know. */
export interface Incident {
  /** `status-refused` and `remark` are about resources that were restored. */
  type: 'refused' | 'failed' | 'status-refused' | 'remark';
  /** `Kind/namespace/name` */
  resource: string;
  /** Of the resource in the backup, uncompressed. */
  line: number;
  reason: string;
}

/** More are counted, but not kept: a restore of any size takes the same memory. */
const MAX_INCIDENTS = 1000;

/** What became of the resources of a backup. */
export class Outcomes {
  readonly incidents: Incident[] = [];
  /** How many there were, the ones not kept included. */
  incidentCount = 0;
  done = 0;
  readonly #kinds = new Map<string, KindCounts>();

  /** @param kinds in the order in which they are to be reported */
  constructor(kinds: readonly string[]) {
    for (const kind of kinds)
      this.#kinds.set(kind, { restored: 0, withoutStatus: 0, existing: 0, refused: 0, failed: 0, untried: 0 });
  }

  add({ resource, line }: BackupDocument, outcome: Exclude<Outcome, { type: 'deferred' }>): void {
    const counts = this.#kinds.get(resource.object.kind)!;
    counts[outcome.type]++;
    this.done++;
    const about = { resource: formatRef(refOf(resource.object)), line };
    if (outcome.type === 'refused' || outcome.type === 'failed') {
      this.#note({ type: outcome.type, ...about, reason: outcome.reason });
    } else if (outcome.type === 'restored') {
      const { statusRefused, remarks } = outcome;
      if (statusRefused !== undefined) counts.withoutStatus++;
      if (statusRefused !== undefined) this.#note({ type: 'status-refused', ...about, reason: statusRefused });
      for (const reason of remarks) this.#note({ type: 'remark', ...about, reason });
    }
  }

  kinds(): Record<string, KindCounts> {
    return Object.fromEntries(this.#kinds);
  }

  #note(incident: Incident): void {
    this.incidentCount++;
    if (this.incidents.length < MAX_INCIDENTS) this.incidents.push(incident);
  }
}
