/** A throw-away Kubernetes control plane for tests and people; see README.md. */

import type { Socket } from 'node:net';

export interface ControlPlaneOptions {
  /** How many nodes kwok plays. Default: 2. */
  nodes?: number;
  /** Where pods get their addresses from. Default: multicast addresses, to which connections fail at once; with `podsAnswer` 10.244.0.0/16. */
  podCidr?: string;
  /** Default: 10.96.0.0/16. */
  serviceCidr?: string;
  /** More flags for kube-apiserver. */
  apiServerArgs?: string[];
  /** How long the start may take. Default: 60,000. */
  timeoutMs?: number;
  /**
   * The API server reaches what stands in for pods through `pods` of the control plane; a pod runs, but becomes ready
   * only when the one who stands in for it says so in its status. Default: false.
   */
  podsAnswer?: boolean;
}

/** Where the API server's connections to pods arrive. */
export interface PodNetwork {
  /**
   * Stands in for what listens at a pod's address, whose connections `accept` gets. The latest to do so has the address.
   *
   * @returns ends it; connections that are open stay
   */
  listen(address: string, port: number, accept: (connection: Socket) => void): () => void;
}

/** What identifies a running control plane: plain data, so it can travel between processes. */
export interface ClusterInfo {
  /** Path of the administrator's kubeconfig; it refers to no other file. */
  kubeconfig: string;
  /** URL of the API server. */
  server: string;
  /** Path of the CA's certificate, PEM. */
  caFile: string;
  /** The control plane's folder: certificates, data and `<part>.log`. Gone when it is stopped. */
  dir: string;
  /** Folder of kubectl, helm3, helm4 and the parts' programs. */
  bin: string;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  code: number;
}

export interface CommandOptions {
  /** Standard input. */
  input?: string;
  /** Path of another kubeconfig than the administrator's. */
  kubeconfig?: string;
  cwd?: string;
}

/** Runs a program to its end; resolves whatever its exit code. */
export type RunCommand = (args: string[], options?: CommandOptions) => Promise<CommandResult>;

/** One request as the administrator; resolves whatever the status. PATCH is a JSON merge patch. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the API server answers
export type Request = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: any }>;

export interface Cluster extends ClusterInfo {
  /** This process's environment with KUBECONFIG, PATH and Helm's folders set for the cluster. */
  env: NodeJS.ProcessEnv;
  request: Request;
  kubectl: RunCommand;
  /** Helm 3, built when first used. */
  helm3: RunCommand;
  /** Helm 4, built when first used. */
  helm4: RunCommand;
  /** Creates a namespace of a name not used before, ready for pods, and gives its name. */
  newNamespace(prefix?: string): Promise<string>;
  /**
   * Gives the path of a kubeconfig for another user: by a client certificate for that
   * name and these groups, without any rights unless RBAC gives them, or by a token.
   */
  userKubeconfig(user: { name: string; groups?: string[] } | { token: string }): Promise<string>;
}

export interface ControlPlane extends Cluster {
  /** There with `podsAnswer`. */
  pods: PodNetwork | undefined;
  /** Ends all processes and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a control plane of its own; it ends with `stop()`, or with this process in whatever way that ends. */
export function startControlPlane(options?: ControlPlaneOptions): Promise<ControlPlane>;

/** Starts a control plane, runs `work` with it, and stops it again. */
export function withControlPlane<T>(
  work: (cluster: ControlPlane) => Promise<T>,
  options?: ControlPlaneOptions,
): Promise<T>;

/** Gives the use of a control plane that runs already. */
export function connect(info: ClusterInfo): Cluster;

/** Builds what a control plane needs unless that is done; resolves to the programs' folder. */
export function buildControlPlane(): Promise<string>;

/** Builds Helm unless that is done; resolves to the folder of `helm3` and `helm4`. */
export function buildHelm(majors?: (3 | 4)[]): Promise<string>;

declare module 'vitest' {
  interface ProvidedContext {
    /** The control plane that global-setup.mjs has started for all test files. */
    cluster: ClusterInfo;
  }
}
