import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { ApiError } from '../../../src/kube/api-error.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { readResources } from '../../../src/backup/pages.js';
import { refusal } from './samples.js';

const KIND = {
  apiVersion: 'networking.serving.volcano.sh/v1alpha1',
  group: 'networking.serving.volcano.sh',
  kind: 'ModelRoute',
  plural: 'modelroutes',
  namespaced: true,
};

type Answer = string | Error;

/** Answers one request after the other; an answer is followed by the errors behind it. */
function answering(answers: Record<string, Answer[][]>): { client: KubeClient; paths: string[] } {
  const paths: string[] = [];
  const stream = async function* (path: string): AsyncGenerator<Buffer> {
    paths.push(path);
    const query = path.split('?')[1]!;
    const answer = answers[query]?.shift();
    if (answer === undefined) throw new Error(`nobody expected ${path}`);
    for (const part of answer) {
      if (part instanceof Error) throw part;
      yield Buffer.from(part);
    }
  };
  return { client: { stream } as unknown as KubeClient, paths };
}

function page(names: string[], metadata: object = {}): string {
  return JSON.stringify({ items: names.map((name) => ({ metadata: { name, namespace: 'a' } })), metadata });
}

const LOST = new KthenaError('unreachable', 'the connection broke off');

async function names(client: KubeClient): Promise<{ names: string[]; remaining: number }> {
  const found: string[] = [];
  let remaining = -1;
  const signal = new AbortController().signal;
  const query = { kind: KIND, namespace: undefined, signal, onRemaining: (count: number) => void (remaining = count) };
  for await (const { metadata } of readResources(client, query)) found.push(metadata.name);
  return { names: found, remaining };
}

describe('reading a kind', () => {
  it('begins with one resource, so that all others come from one state', async () => {
    const { client, paths } = answering({
      'limit=1': [[page(['a'], { continue: 't1', remainingItemCount: 3 })]],
      'limit=500&continue=t1': [[page(['b', 'c'], { continue: 't2' })]],
      'limit=500&continue=t2': [[page(['d'])]],
    });
    expect(await names(client)).toEqual({ names: ['a', 'b', 'c', 'd'], remaining: 3 });
    expect(paths[0]).toBe('/apis/networking.serving.volcano.sh/v1alpha1/modelroutes?limit=1');
  });

  it('asks again for a page that breaks off, and gives no resource twice', async () => {
    const whole = page(['b', 'c', 'd']);
    const { client } = answering({
      'limit=1': [[LOST], [page(['a'], { continue: 't' })]],
      'limit=500&continue=t': [[whole.slice(0, 60), LOST], [whole.slice(0, 120)], [whole]],
    });
    expect((await names(client)).names).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on with the state of later where the server does not remember that of the beginning', async () => {
    const expired = new ApiError('cluster', 'expired', { status: 410, continueToken: 'fresh' });
    const { client } = answering({
      'limit=1': [[page(['a'], { continue: 't' })]],
      'limit=500&continue=t': [[expired]],
      'limit=500&continue=fresh': [[page(['b', 'd'])]],
    });
    expect((await names(client)).names).toEqual(['a', 'b', 'd']);
  });

  it('gives up where it breaks off again and again', async () => {
    const { client, paths } = answering({ 'limit=1': Array.from({ length: 9 }, () => [LOST]) });
    expect((await refusal(names(client))).code).toBe('unreachable');
    expect(paths).toHaveLength(5);
  });

  it('says what it got where that is no list', async () => {
    const { client } = answering({ 'limit=1': Array.from({ length: 9 }, () => ['<html>log in</html>']) });
    expect((await refusal(names(client))).message).toContain('is no list of resources');
  });

  it('does not ask again what was refused', async () => {
    const denied = new ApiError('forbidden', 'no', { status: 403 });
    const { client, paths } = answering({ 'limit=1': [[denied]] });
    expect(await refusal(names(client))).toBe(denied);
    expect(paths).toHaveLength(1);
  });
});
