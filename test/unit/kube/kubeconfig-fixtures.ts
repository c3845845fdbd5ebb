import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for kubeconfig files; `env` has no variable but those given, and its HOME is the folder. */
export class KubeconfigFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'kthena-kubeconfig-'));

  env(variables: Record<string, string> = {}): Record<string, string> {
    return { HOME: this.path, PATH: process.env['PATH'] ?? '', ...variables };
  }

  write(name: string, content: string | object): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A kubeconfig of one context, one cluster and one user of the same name. */
export function kubeconfig(name: string, parts: { cluster?: object; user?: object; context?: object } = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...parts.cluster } }],
    users: [{ name, user: parts.user ?? { token: `token-of-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name, ...parts.context } }],
  };
}
