import { expect, it } from 'vitest';
import { inRegistry } from '../../../src/render/image-registry.js';

it.each([
  ['ghcr.io/volcano-sh/kthena-router', 'volcano-sh/kthena-router'],
  ['localhost:5000/a', 'a'],
  ['localhost/a/b', 'a/b'],
  ['Registry/a', 'a'],
  ['[::1]:5000/a', 'a'],
  ['docker.io/library/busybox', 'library/busybox'],
  ['docker.io/busybox', 'library/busybox'],
  ['busybox', 'library/busybox'],
  ['team/app', 'team/app'],
  ['local/app', 'local/app'],
])('%s: is found under %s', (image, path) => {
  expect(inRegistry(image, 'registry.example.com:5000/mirror')).toBe(`registry.example.com:5000/mirror/${path}`);
  expect(inRegistry(image, '')).toBe(image);
});
