import { describe, expect, it } from 'vitest';
import { groupVersionPath, resourcePath, withQuery } from '../../../src/kube/paths.js';

describe('resourcePath', () => {
  it('puts the core group below /api and the others below /apis', () => {
    expect(resourcePath({ apiVersion: 'v1', plural: 'pods', namespace: 'a', name: 'b' })).toBe(
      '/api/v1/namespaces/a/pods/b',
    );
    expect(resourcePath({ apiVersion: 'apps/v1', plural: 'deployments', namespace: 'a' })).toBe(
      '/apis/apps/v1/namespaces/a/deployments',
    );
    expect(resourcePath({ apiVersion: 'v1', plural: 'namespaces', name: 'a' })).toBe('/api/v1/namespaces/a');
    expect(resourcePath({ apiVersion: 'batch/v1', plural: 'jobs' })).toBe('/apis/batch/v1/jobs');
    expect(groupVersionPath('networking.x-k8s.io/v1alpha1')).toBe('/apis/networking.x-k8s.io/v1alpha1');
  });

  it('escapes what a name may hold: RBAC allows colons, others must not get out of their segment', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', plural: 'clusterroles' };
    expect(resourcePath({ ...role, name: 'system:node' })).toMatch(/clusterroles\/system%3Anode$/);
    expect(resourcePath({ ...role, name: 'a/../b?c#d %' })).toMatch(/clusterroles\/a%2F..%2Fb%3Fc%23d%20%25$/);
  });

  it('refuses names that would address something else', () => {
    for (const name of ['', '.', '..']) {
      expect(() => resourcePath({ apiVersion: 'v1', plural: 'secrets', namespace: 'a', name })).toThrow(TypeError);
      expect(() => resourcePath({ apiVersion: 'v1', plural: 'secrets', namespace: name })).toThrow(TypeError);
    }
  });
});

describe('withQuery', () => {
  it('leaves out what is undefined, and escapes the rest', () => {
    expect(withQuery('/a', {})).toBe('/a');
    expect(withQuery('/a', { b: undefined })).toBe('/a');
    expect(withQuery('/a', { b: 'x=y,z', c: 5, d: true, e: '' })).toBe('/a?b=x%3Dy%2Cz&c=5&d=true&e=');
  });
});
