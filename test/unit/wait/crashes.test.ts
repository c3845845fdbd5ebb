import { describe, expect, it } from 'vitest';
import { crashesWithoutWords, lastWords, withLastWords } from '../../../src/wait/crashes.js';
import { podProblems } from '../../../src/wait/pods.js';
import { container, pod } from './samples.js';

const BACK_OFF = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
const silent = (exitCode: number) => ({ lastState: { terminated: { exitCode, reason: 'Error' } }, restartCount: 2 });
const crashing = (name: string, exitCode = 1) =>
  pod({ metadata: { name, uid: name }, containerStatuses: [container(BACK_OFF, silent(exitCode))] });

describe('crashesWithoutWords', () => {
  it('gives one of those that are alike', () => {
    const crashes = crashesWithoutWords([crashing('a'), crashing('b'), crashing('c', 2)]);
    expect(crashes.map(({ pod: { metadata }, exitCode }) => [metadata.name, exitCode])).toEqual([
      ['a', 1],
      ['c', 2],
    ]);
  });

  it('asks for the log before the restart, except where the container has just ended', () => {
    const ended = container({ terminated: { exitCode: 1, reason: 'Error' } });
    expect(crashesWithoutWords([crashing('a')])[0]?.previous).toBe(true);
    expect(crashesWithoutWords([pod({ containerStatuses: [ended] })])[0]?.previous).toBe(false);
  });

  it.each([
    ['has said why', { lastState: { terminated: { exitCode: 1, message: 'no certificate' } } }],
    ['was killed for want of memory', { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
    ['is ready by now', { ...silent(1), ready: true }],
    ['has never ended', {}],
  ])('leaves a container out that %s', (_case, more) => {
    expect(crashesWithoutWords([pod({ containerStatuses: [container(BACK_OFF, more)] })])).toEqual([]);
  });

  it('leaves init containers out that have done their work, and pods that are being deleted', () => {
    const done = container({ terminated: { exitCode: 0, reason: 'Completed' } });
    const ending = crashing('a');
    ending.metadata.deletionTimestamp = '2025-06-01T10:00:00Z';
    expect(crashesWithoutWords([ending, pod({ initContainerStatuses: [done] })])).toEqual([]);
  });
});

describe('withLastWords', () => {
  it('puts them into the problems of all pods that crashed alike', () => {
    const words = new Map([['router 1', 'no certificate']]);
    const messages = withLastWords([crashing('a'), crashing('b'), crashing('c', 2)], words)
      .flatMap(podProblems)
      .map(({ message }) => message);
    const alike = 'container "router" exited with code 1, restarted 2 times: no certificate';
    expect(messages).toEqual([alike, alike, 'container "router" exited with code 2, restarted 2 times']);
  });

  it('changes nothing without any', () => {
    const pods = [crashing('a')];
    expect(withLastWords(pods, new Map())).toBe(pods);
  });
});

describe('lastWords', () => {
  it('are the last five lines that say something', () => {
    expect(lastWords('1\n2\n3\n\n4\n5\n6\n7\n\n')).toBe('3 | 4 | 5 | 6 | 7');
    expect(lastWords('\n')).toBe('');
  });

  it('are the reason of a panic rather than the end of its stack trace', () => {
    const trace =
      'I0601 starting\npanic: no certificate\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12\nexit';
    expect(lastWords(trace)).toBe('panic: no certificate | goroutine 1 [running]:');
  });

  it('are cut where a line is long', () => {
    expect(lastWords('x'.repeat(5_000))).toHaveLength(200);
  });
});
