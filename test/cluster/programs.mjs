import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the Go modules that pin each program's version and checksums. */
export const GO_MODULES = join(import.meta.dirname, 'go');

/**
 * @typedef {object} Program
 * @property {string} output     file name of the program
 * @property {string[]} aliases  names it is also started under, as links
 * @property {string} module     folder below `go/` it is built in
 * @property {string} package    the Go package
 * @property {string} ldflags
 */

/** @returns {Program[]} what a control plane consists of, quickest to build first */
export function controlPlanePrograms() {
  const version = requiredVersion('control-plane', 'k8s.io/kubernetes');
  const kubernetes = { module: 'control-plane', ldflags: kubernetesVersionFlags(version) };
  return [
    { output: 'cluster-helper', aliases: [], module: 'helper', package: '.', ldflags: '' },
    {
      ...kubernetes,
      output: 'control-plane',
      aliases: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
      package: '.',
    },
    { ...kubernetes, output: 'kubectl', aliases: [], package: 'k8s.io/kubernetes/cmd/kubectl' },
    { output: 'kwok', aliases: [], module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', ldflags: '' },
  ];
}

/**
 * @param {3 | 4} major
 * @returns {Program} Helm of that major version
 */
export function helmProgram(major) {
  const path = `helm.sh/helm/v${major}`;
  const version = requiredVersion(`helm${major}`, path);
  return {
    output: `helm${major}`,
    aliases: [],
    module: `helm${major}`,
    package: `${path}/cmd/helm`,
    ldflags: `-X ${path}/internal/version.version=${version}`,
  };
}

/**
 * @param {string} module
 * @param {string} path
 */
function requiredVersion(module, path) {
  const goMod = readFileSync(join(GO_MODULES, module, 'go.mod'), 'utf8');
  const version = goMod.match(new RegExp(`\\b${path} (v\\S+)`))?.[1];
  if (!version) throw new Error(`${module}/go.mod requires no ${path}`);
  return version;
}

/**
 * Kubernetes learns its version from the linker; without, it calls itself v0.0.0-master.
 *
 * @param {string} version
 */
function kubernetesVersionFlags(version) {
  const [major, minor] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((path) => Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`))
    .join(' ');
}
