/**
 * How each part of the control plane is started: names and flags, nothing else.
 *
 * @typedef {object} Part
 * @property {string} name   of its program, and of its log file
 * @property {string[]} args
 */

/**
 * etcd listens on a socket in the control plane's folder, which is its working
 * folder: no port that could be taken, nobody else who could connect. The part
 * after the colon belongs to the file's name. The URLs it advertises are used by
 * nobody, but it insists on them.
 */
const ETCD = { client: 'unix://etcd.sock:1', peer: 'unix://etcd-peer.sock:1' };
const NOBODY = { client: 'http://localhost:2379', peer: 'http://localhost:2380' };

/** @returns {Part} etcd without durability, which a throw-away cluster does not need. */
export function etcd() {
  return {
    name: 'etcd',
    args: [
      '--name=only',
      '--data-dir=etcd',
      '--unsafe-no-fsync',
      `--listen-client-urls=${ETCD.client}`,
      `--advertise-client-urls=${NOBODY.client}`,
      `--listen-peer-urls=${ETCD.peer}`,
      `--initial-advertise-peer-urls=${NOBODY.peer}`,
      `--initial-cluster=only=${NOBODY.peer}`,
      // It elects itself after the timeout: the default is a second of every start.
      '--heartbeat-interval=10',
      '--election-timeout=100',
    ],
  };
}

/**
 * @param {{ port: number, serviceCidr: string, extraArgs: string[] }} options
 * @returns {Part}
 */
export function apiServer({ port, serviceCidr, extraArgs }) {
  return {
    name: 'kube-apiserver',
    args: [
      `--etcd-servers=${ETCD.client}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      // The Service `kubernetes` would need a routable address as its endpoint; nothing here uses it.
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--service-cluster-ip-range=${serviceCidr}`,
      '--client-ca-file=ca.crt',
      '--tls-cert-file=apiserver.crt',
      '--tls-private-key-file=apiserver.key',
      '--authorization-mode=Node,RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-account-key-file=sa.key',
      '--service-account-signing-key-file=sa.key',
      // No kube-proxy makes Services reachable: webhooks are called at their pods' addresses.
      '--enable-aggregator-routing=true',
      '--allow-privileged=true',
      '--profiling=false',
      ...extraArgs,
    ],
  };
}

/** @returns {Part} */
export function controllerManager() {
  return {
    name: 'kube-controller-manager',
    args: [
      '--kubeconfig=admin.kubeconfig',
      '--secure-port=0',
      '--leader-elect=false',
      '--root-ca-file=ca.crt',
      '--service-account-private-key-file=sa.key',
      '--cluster-signing-cert-file=ca.crt',
      '--cluster-signing-key-file=ca.key',
      // The default throttle (20 requests a second) would be what tests wait for.
      '--kube-api-qps=1000',
      '--kube-api-burst=2000',
      '--profiling=false',
    ],
  };
}

/** @returns {Part} */
export function scheduler() {
  return {
    name: 'kube-scheduler',
    args: ['--kubeconfig=admin.kubeconfig', '--secure-port=0', '--leader-elect=false', '--profiling=false'],
  };
}

/**
 * @param {{ podCidr: string, stagesFiles: string[] }} options
 * @returns {Part} kwok, which plays the kubelets of all nodes
 */
export function kwok({ podCidr, stagesFiles }) {
  return {
    name: 'kwok',
    args: [
      '--kubeconfig=admin.kubeconfig',
      '--manage-all-nodes',
      `--cidr=${podCidr}`,
      ...stagesFiles.map((file) => `--config=${file}`),
      // Without a lease the nodes are NotReady after 40 s.
      '--node-lease-duration-seconds=40',
      '--server-address=',
    ],
  };
}
