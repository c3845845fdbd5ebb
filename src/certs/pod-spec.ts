/** What matters here of the pods of a Deployment. */
export interface PodSpec {
  containers?: Container[];
  volumes?: { name: string; secret?: { secretName?: string; optional?: boolean } }[];
}

export interface ServicePort {
  port: number;
  targetPort?: number | string;
}

interface Container {
  name?: string;
  args?: string[];
  command?: string[];
  ports?: { name?: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
}

/** By it the components know the Secret of their webhook certificate. */
const SECRET_FLAG = '--cert-secret-name=';

/**
 * The Secret with the certificate of the webhook server: the one that the program is told by name, else the only one
 * that is mounted where it exists, as a certificate is that is still to be made, else the only one.
 */
export function certificateSecret({ containers = [], volumes = [] }: PodSpec): string | undefined {
  const mounted = volumes.flatMap(({ secret }) =>
    secret?.secretName === undefined ? [] : [{ name: secret.secretName, optional: secret.optional === true }],
  );
  const told = containers
    .flatMap(({ command = [], args = [] }) => [...command, ...args])
    .filter((argument) => argument.startsWith(SECRET_FLAG))
    .map((argument) => argument.slice(SECRET_FLAG.length));
  const optional = mounted.filter((secret) => secret.optional);
  const named = mounted.find(({ name }) => told.includes(name));
  return (named ?? onlyOne(optional) ?? onlyOne(mounted))?.name;
}

/** The Secret that a file of the pod comes from. */
export function mountedSecret({ containers = [], volumes = [] }: PodSpec, file: string): string | undefined {
  const mount = containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .find(({ mountPath }) => file.startsWith(`${mountPath}/`));
  return volumes.find(({ name }) => name === mount?.name)?.secret?.secretName;
}

/** The containers that mount a Secret. */
export function containersWith({ containers = [], volumes = [] }: PodSpec, secretName: string): string[] {
  const own = new Set(volumes.filter(({ secret }) => secret?.secretName === secretName).map(({ name }) => name));
  return containers.flatMap(({ name, volumeMounts = [] }) =>
    name !== undefined && volumeMounts.some((mount) => own.has(mount.name)) ? [name] : [],
  );
}

/** The port of a pod that a port of a service leads to; a name is that of a container's port. */
export function podPortOf({ containers = [] }: PodSpec, port: ServicePort | undefined): number | undefined {
  if (port === undefined) return undefined;
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  return containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)?.containerPort;
}

function onlyOne<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
