import { afterEach, beforeEach, expect, it } from 'vitest';
import { inClusterKubeconfig } from '../../../src/kube/in-cluster.js';
import { KubeconfigFolder } from './kubeconfig-fixtures.js';

let folder: KubeconfigFolder;

beforeEach(() => {
  folder = new KubeconfigFolder();
});

afterEach(() => folder.remove());

const POD = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

it('is the service account of the pod', () => {
  const token = folder.write('token', 'abc');
  folder.write('namespace', 'kthena-system\n');
  const config = inClusterKubeconfig(POD, folder.path)!;
  expect(config.currentContext).toBe('in-cluster');
  expect(config.clusters.get('in-cluster')).toEqual({
    server: 'https://10.96.0.1:443',
    'certificate-authority': `${folder.path}/ca.crt`,
  });
  expect(config.users.get('in-cluster')).toEqual({ tokenFile: token });
  expect(config.contexts.get('in-cluster')).toMatchObject({ namespace: 'kthena-system' });
});

it('takes an IPv6 address, and no namespace file', () => {
  folder.write('token', 'abc');
  const config = inClusterKubeconfig({ ...POD, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder.path)!;
  expect(config.clusters.get('in-cluster')?.server).toBe('https://[fd00::1]:443');
  expect(config.contexts.get('in-cluster')).not.toHaveProperty('namespace');
});

it('is nothing outside a pod, or in one without a token', () => {
  expect(inClusterKubeconfig(POD, folder.path)).toBeUndefined();
  folder.write('token', 'abc');
  expect(inClusterKubeconfig({}, folder.path)).toBeUndefined();
});
