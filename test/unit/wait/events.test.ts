import { expect, it } from 'vitest';
import { eventProblems } from '../../../src/wait/events.js';
import { event } from './samples.js';

const probe = (address: string) =>
  `Readiness probe failed: Get "http://${address}/readyz": dial tcp ${address}: connect: connection refused`;

it('tells events that differ only in pod, address or duration once, by the latest', () => {
  const events = [
    event('Unhealthy', probe('10.0.0.8:8080'), { lastTimestamp: '2025-06-01T10:00:00Z' }),
    event('Unhealthy', probe('10.0.0.9:8080'), { lastTimestamp: '2025-06-01T10:00:30Z' }),
    event(
      'BackOff',
      'restarting failed container in pod kthena-router-66c8b4b9d4-x7k2p_a(1c4d8e0a-8e77-4c64-9f3f-0a2f7cbd0d11)',
    ),
    event(
      'BackOff',
      'restarting failed container in pod kthena-router-66c8b4b9d4-qqqqq_a(9c4d8e0a-8e77-4c64-9f3f-0a2f7cbd0d22)',
    ),
  ];
  expect(eventProblems(events).map(({ message }) => message)).toEqual([probe('10.0.0.9:8080'), events[2]!.message]);
});

it('puts the newest first, whichever field the writer uses for the time', () => {
  const events = [
    event('A', 'a', { lastTimestamp: '2025-06-01T10:00:00Z' }),
    event('B', 'b', { lastTimestamp: null, eventTime: '2025-06-01T10:00:02.000000Z' }),
    event('C', 'c', {
      lastTimestamp: null,
      eventTime: '2025-06-01T09:00:00.000000Z',
      series: { count: 3, lastObservedTime: '2025-06-01T10:00:01.000000Z' },
    }),
  ];
  expect(eventProblems(events).map(({ reason }) => reason)).toEqual(['B', 'C', 'A']);
});

it('leaves out what is no warning or says nothing, and stops at five', () => {
  const normal = event('Pulled', 'Container image already present', { type: 'Normal' });
  expect(eventProblems([normal, event('Odd', '')])).toEqual([]);
  expect(eventProblems(['a', 'b', 'c', 'd', 'e', 'f'].map((word) => event('Odd', word)))).toHaveLength(5);
});

it('makes one line of a message and never calls it terminal', () => {
  expect(eventProblems([event('FailedMount', 'no such\n  secret')])).toEqual([
    { reason: 'FailedMount', message: 'no such secret', terminal: false },
  ]);
});
