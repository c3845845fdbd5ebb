import path from 'node:path';
import { KthenaError } from '../errors.js';
import type { ClusterEntry, Kubeconfig, UserEntry } from './kubeconfig-file.js';

/** Flags that stand for single fields of a kubeconfig. */
export interface ConnectionFlags {
  /** `--kube-apiserver` */
  server?: string | undefined;
  /** `--kube-token` */
  token?: string | undefined;
  /** `--kube-ca-file` */
  caFile?: string | undefined;
}

const NAME = 'command-line';

/** The kubeconfig that `--kube-apiserver` amounts to where there is no other; undefined without it. */
export function kubeconfigOfFlags({ server }: ConnectionFlags): Kubeconfig | undefined {
  if (server === undefined) return undefined;
  return {
    files: [],
    currentContext: NAME,
    clusters: new Map([[NAME, {}]]),
    users: new Map([[NAME, {}]]),
    contexts: new Map([[NAME, { cluster: NAME, user: NAME }]]),
  };
}

/** Another server, and another authority for it; what else the kubeconfig says of the cluster stays, as in kubectl. */
export function clusterWithFlags(cluster: ClusterEntry, { server, caFile }: ConnectionFlags): ClusterEntry {
  if (server !== undefined && !/^https?:\/\/[^/]/.test(server)) {
    throw new KthenaError('usage', `--kube-apiserver: ${JSON.stringify(server)} is no URL`, {
      hint: 'It must be one such as https://10.0.0.1:6443.',
    });
  }
  if (caFile === '') throw new KthenaError('usage', '--kube-ca-file: the name of the file is missing');
  const { 'certificate-authority-data': data, ...rest } = cluster;
  const authority = data === undefined ? {} : { 'certificate-authority-data': data };
  return {
    ...rest,
    ...(server === undefined ? {} : { server }),
    ...(caFile === undefined ? authority : { 'certificate-authority': path.resolve(caFile) }),
  };
}

/** A token is a login of its own: the certificates, passwords and plugins of the kubeconfig's user are another's. */
export function userWithFlags(user: UserEntry, { token }: ConnectionFlags): UserEntry {
  if (token === undefined) return user;
  if (token.trim() === '') throw new KthenaError('usage', '--kube-token: the token is empty');
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = user;
  return {
    token: token.trim(),
    ...(as === undefined ? {} : { as }),
    ...(uid === undefined ? {} : { 'as-uid': uid }),
    ...(groups === undefined ? {} : { 'as-groups': groups }),
    ...(extra === undefined ? {} : { 'as-user-extra': extra }),
  };
}
