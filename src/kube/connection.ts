import type { SecureContextOptions } from 'node:tls';

/** What proves who we are, for one request. The values are secrets: never part of a message or a log. */
export interface Credentials {
  /** `Authorization` and the `Impersonate-*` headers. */
  headers: Record<string, string | string[]>;
  /** PEM of the client certificate and its key, where the user has them. */
  cert?: NonNullable<SecureContextOptions['cert']>;
  key?: NonNullable<SecureContextOptions['key']>;
}

/** Where the API server is and who talks to it: the outcome of reading kubeconfig files or the pod's service account. */
export interface Connection {
  /** `https://host:port`, possibly with a path below which the API lives; no slash at the end. */
  readonly server: string;
  /** Name of the kubeconfig context; `in-cluster` inside a pod. */
  readonly context: string;
  /** Name of the kubeconfig user, for messages. */
  readonly user: string | undefined;
  /** Namespace of the context, `default` where it has none. */
  readonly namespace: string;
  readonly tls: {
    /** PEM bundle that the server's certificate must lead to; absent: the authorities Node trusts. */
    ca?: NonNullable<SecureContextOptions['ca']>;
    /** Name to expect in the server's certificate instead of the host name. */
    servername?: string;
    /** True switches the check of the server's certificate off. */
    insecure?: boolean;
  };
  /** `http://`, `https://` or `socks5://` URL of the proxy to go through; it may hold a password. */
  readonly proxy: string | undefined;
  /**
   * Credentials for the next request, cached as long as they are valid.
   * Throws KthenaError where an exec plugin or a file does not give them.
   */
  credentials(signal?: AbortSignal): Promise<Credentials>;
  /** To be called after a 401: forgets cached credentials. False where asking again would give the same ones. */
  renewCredentials(): boolean;
}
