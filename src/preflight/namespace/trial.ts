import { ApiError } from '../../kube/api-error.js';
import type { KubeClient } from '../../kube/client.js';
import type { KubeObject } from '../../kube/object.js';

export interface Trial {
  /** The pod as the server would store it, with the defaults of the namespace; undefined where it would not. */
  pod?: KubeObject;
  /** Why it would not, in the words of what refuses it. */
  refusal?: string;
  /** Why it could not be tried. */
  untried?: string;
  warnings: string[];
}

/**
 * Lets the server try to create a pod, and stores nothing: pod security, limit ranges, quotas and admission webhooks say what they
 * have against it. They are asked in turn, and the first that refuses it is heard.
 */
export async function tryPod(client: KubeClient, pod: KubeObject): Promise<Trial> {
  const warnings: string[] = [];
  const onWarning = (text: string): void => void warnings.push(text);
  try {
    const created = await client.create(pod, { fieldManager: 'kthena', dryRun: true, onWarning });
    return { pod: created, warnings };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'unauthorized') throw error;
    return { ...interpret(error), warnings };
  }
}

function interpret({ status, message, causes }: ApiError): Pick<Trial, 'refusal' | 'untried'> {
  // A policy answers as if the object were invalid.
  const policy = causes.find((cause) => cause.message?.startsWith('ValidatingAdmissionPolicy ') === true);
  if (policy?.message !== undefined) return { refusal: policy.message };
  const said = messageOf(message);
  const isUntold = status >= 500 || /does not support dry run/.test(said) || /^User ".*" cannot /.test(said);
  // The controller that makes it is not done with a new namespace. And what makes no pod is refused as a Deployment, too.
  const isOther = /^error looking up service account /.test(said) || status === 422 || status === 404;
  return isUntold || isOther ? { untried: said } : { refusal: said };
}

/** Without what this tool and the server say around it: `Pod/…: the API server refused … (403: pods "…" is forbidden: why).` */
function messageOf(message: string): string {
  const [, said = message] = /^.*? \(\d+: (.*)\)\.$/s.exec(message) ?? [];
  return said.replace(/^pods( "[^"]*")? is forbidden: /, '');
}
