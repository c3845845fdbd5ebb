import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { formatRef, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { readParts, writeParts } from './part-secrets.js';
import { divide, rejoin } from './parts.js';
import type { Release } from './release.js';
import {
  changedSecret,
  isSameRecord,
  MAX_NEW_RECORD_BYTES,
  MAX_RECORD_BYTES,
  newSecret,
  recordOf,
  recordRef,
  recordSelector,
  releaseFromSecret,
} from './secret.js';

const FIELD_MANAGER = 'kthena';

/**
 * The release records of one namespace, kept as Helm's default driver keeps them: a Secret for each revision. Where a record is too
 * large for one, its values are in further Secrets, which Helm passes over; what is returned has them, or says in `missing` why not.
 * Damaged records throw KthenaError `cluster` that names the Secret; errors of the API server pass through.
 */
export class ReleaseStore {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #now: () => Date;

  constructor(client: KubeClient, namespace: string, now: () => Date = () => new Date()) {
    this.#client = client;
    this.#namespace = namespace;
    this.#now = now;
  }

  /** All revisions of a release, the oldest first; empty where there is no such release. */
  async history(name: string): Promise<Release[]> {
    const secrets = await this.#secretsOf(name);
    return Promise.all(secrets.map(({ secret }) => this.#read(secret)));
  }

  /** The newest revision; only that one is decoded, so a damaged old one does not stand in the way. */
  async latest(name: string): Promise<Release | undefined> {
    const newest = (await this.#secretsOf(name)).at(-1);
    return newest === undefined ? undefined : this.#read(newest.secret);
  }

  /** Undefined where the release has no such revision (any more). */
  async get(name: string, revision: number): Promise<Release | undefined> {
    const secret = await this.#client.get(recordRef(this.#namespace, name, revision));
    return secret === undefined ? undefined : this.#read(secret);
  }

  /** The numbers of the revisions, ascending; damaged ones count too. */
  async revisions(name: string): Promise<number[]> {
    return (await this.#secretsOf(name)).map(({ revision }) => revision);
  }

  /**
   * Writes a new revision and returns it as stored. Because only one writer can create a revision, this is also the lock
   * of an operation: KthenaError `conflict` where somebody else has just begun one. `values` where the record is too large even without the values.
   */
  async create(release: Release): Promise<Release> {
    if (release.namespace !== this.#namespace) {
      throw new Error(`a release of namespace ${release.namespace} in the store of ${this.#namespace}`);
    }
    const { record, parts } = divide(release, MAX_NEW_RECORD_BYTES);
    const stored = await this.#begin(record);
    try {
      await writeParts(this.#client, stored, record, parts, FIELD_MANAGER);
    } catch (error) {
      // Whoever is refused has stored nothing. Where this fails too, the revision can be resumed or removed.
      await this.#client.delete(refOf(stored), { uid: stored.metadata.uid! }).catch(() => undefined);
      throw error;
    }
    return rejoin(releaseFromSecret(stored), release);
  }

  /**
   * Lets the server try to store a new revision, and stores nothing: throws what `create` would, but for the record's own existence
   * and for a namespace that does not exist yet.
   */
  async rehearseCreate(release: Release): Promise<void> {
    try {
      const { record } = divide(release, MAX_NEW_RECORD_BYTES);
      await this.#client.create(newSecret(record, this.#now()), { fieldManager: FIELD_MANAGER, dryRun: true });
    } catch (error) {
      if (!isApiError(error, 409, 'AlreadyExists') && !isApiError(error, 404)) throw error;
    }
  }

  /**
   * Writes a changed release, which must come from this store, over its record and returns it as stored. Its parts are written only
   * where the values are others than before, not for a change of status; those it no longer needs go with the record.
   * KthenaError `conflict` where the record has changed since it was read, or is gone.
   */
  async update(release: Release): Promise<Release> {
    const { name, version, stored } = release;
    const ref = recordRef(this.#namespace, name, version);
    if (stored?.resourceVersion === undefined || stored.name !== ref.name || stored.namespace !== ref.namespace) {
      throw new Error(`${formatRef(ref)} is to be updated by a release that was not read from it`);
    }
    const { record, parts } = divide(release, MAX_RECORD_BYTES);
    const live = await this.#replace(ref, changedSecret(record, stored, this.#now()));
    await writeParts(this.#client, live, record, parts, FIELD_MANAGER);
    return rejoin(releaseFromSecret(live), release);
  }

  /** False where there was no such revision. Its parts go with it. */
  async remove(name: string, revision: number): Promise<boolean> {
    return this.#client.delete(recordRef(this.#namespace, name, revision));
  }

  #read(secret: KubeObject): Promise<Release> {
    return readParts(this.#client, releaseFromSecret(secret));
  }

  async #begin(record: Release): Promise<KubeObject> {
    try {
      return await this.#client.create(newSecret(record, this.#now()), { fieldManager: FIELD_MANAGER });
    } catch (error) {
      throw isApiError(error, 409, 'AlreadyExists') ? begunElsewhere(record, error) : error;
    }
  }

  async #replace(ref: ObjectRef, secret: KubeObject): Promise<KubeObject> {
    try {
      return await this.#client.replace(secret, { fieldManager: FIELD_MANAGER });
    } catch (error) {
      if (!isApiError(error, 409) && !isApiError(error, 404)) throw error;
      // Sent again after a lost answer, our own first attempt is what stands in the way.
      const live = await this.#client.get(ref);
      if (live !== undefined && isSameRecord(live, secret)) return live;
      throw changedElsewhere(formatRef(ref), error);
    }
  }

  async #secretsOf(name: string): Promise<{ revision: number; secret: KubeObject }[]> {
    const query = { apiVersion: 'v1', kind: 'Secret', namespace: this.#namespace, labelSelector: recordSelector(name) };
    const found: { revision: number; secret: KubeObject }[] = [];
    for await (const secret of this.#client.list(query)) {
      const record = recordOf(secret);
      if (record?.release === name) found.push({ revision: record.revision, secret });
    }
    return found.sort((a, b) => a.revision - b.revision);
  }
}

function begunElsewhere({ namespace, name, version }: Release, cause: unknown): KthenaError {
  return new KthenaError('conflict', `release ${namespace}/${name}: somebody else has just begun revision ${version}`, {
    hint: 'Wait until that operation has ended, look at what it did, and run this command again if it is still wanted.',
    cause,
  });
}

function changedElsewhere(where: string, cause: unknown): KthenaError {
  return new KthenaError(
    'conflict',
    `${where}: the release record was changed or deleted by somebody else in the meantime`,
    {
      hint: 'Another kthena or helm works on this release: wait until it has ended, then run this command again.',
      cause,
    },
  );
}
