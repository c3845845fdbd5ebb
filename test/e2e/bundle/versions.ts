import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../install/program.js';

const root = new URL('../../..', import.meta.url).pathname;

/** A copy of this repository's bundle to change, as a site has one that makes its own. */
export class SourceFolder {
  constructor(readonly path: string) {
    for (const folder of ['crds', 'manifests']) cpSync(join(root, folder), join(path, folder), { recursive: true });
  }

  edit(file: string, from: string | RegExp, to: string): this {
    const path = join(this.path, file);
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(from, () => to);
    if (changed === text) throw new Error(`${file} has nothing like ${String(from)}`);
    writeFileSync(path, changed);
    return this;
  }

  remove(file: string): this {
    rmSync(join(this.path, file));
    return this;
  }

  /** Packages it with its version, and gives the path of the archive. */
  async package(version: string): Promise<string> {
    const destination = join(this.path, 'out');
    mkdirSync(destination, { recursive: true });
    const args = ['package', '--bundle', this.path, '-d', destination, '--version', version, '--app-version', version];
    await mustRun(args, { env: process.env });
    const file = readdirSync(destination).find((name) => name === `kthena-${version}.tgz`);
    if (file === undefined) throw new Error(`kthena ${args.join(' ')} wrote no archive of that name`);
    return join(destination, file);
  }
}

const ROUTES = 'crds/networking.serving.volcano.sh_modelroutes.yaml';

/** Another version of Kthena: a changed template, one object less, another CRD. */
export function newerVersion(folder: string): Promise<string> {
  return new SourceFolder(folder)
    .edit('manifests/networking/deployment.yaml', '--port=${ router.port }', '--listen-port=${ router.port }')
    .remove('manifests/workload/downloader-secret.yaml')
    .edit(ROUTES, /^ {4}kind: ModelRoute$/m, '    kind: ModelRoute\n    shortNames: [mroute]')
    .package('1.1.0');
}

/** A version of before, with another flag of the router. */
export function olderVersion(folder: string): Promise<string> {
  return new SourceFolder(folder)
    .edit('manifests/networking/deployment.yaml', '--port=${ router.port }', '--old-port=${ router.port }')
    .package('0.9.0');
}
