import { isApiError } from '../../kube/api-error.js';
import type { KubeClient } from '../../kube/client.js';
import type { KubeObject, Metadata } from '../../kube/object.js';
import type { Right } from './right.js';

/** Reviews have no name, and are stored nowhere. */
const NO_METADATA = {} as Metadata;
const OPTIONS = { fieldManager: 'kthena' };

const EVERYTHING: Right = { verb: '*', group: '*', resource: '*' };

/** Asks the API server what its user may do; each thing once. */
export class Access {
  readonly #client: KubeClient;
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  mayEverything(): Promise<boolean> {
    return this.may(EVERYTHING);
  }

  /** With any object of the kind, or with the one that is named. */
  async may({ name, ...any }: Right): Promise<boolean> {
    return (await this.#ask(any)) || (name !== undefined && (await this.#ask({ ...any, name })));
  }

  /** Those of the rights that the user lacks. */
  async missing(rights: readonly Right[]): Promise<Right[]> {
    const allowed = await Promise.all(rights.map((right) => this.may(right)));
    return rights.filter((_, index) => !allowed[index]);
  }

  #ask(right: Right): Promise<boolean> {
    const { verb, group, resource, namespace = '', name = '' } = right;
    const key = [verb, group, resource, namespace, name].join(' ');
    const answer = this.#answers.get(key) ?? review(this.#client, right);
    this.#answers.set(key, answer);
    return answer;
  }
}

async function review(client: KubeClient, { resource, ...right }: Right): Promise<boolean> {
  const [plural, subresource] = resource.split('/');
  const answer = await client.create(
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: NO_METADATA,
      spec: { resourceAttributes: { ...right, resource: plural, subresource } },
    },
    OPTIONS,
  );
  return (answer['status'] as { allowed?: boolean } | undefined)?.allowed === true;
}

/** The name by which roles are bound; undefined where the server does not tell. */
export async function userName(client: KubeClient): Promise<string | undefined> {
  const question: KubeObject = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
    metadata: NO_METADATA,
  };
  try {
    const { status } = await client.create(question, OPTIONS);
    return (status as { userInfo?: { username?: string } } | undefined)?.userInfo?.username;
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return undefined;
    throw error;
  }
}
