import { describe, expect, it } from 'vitest';
import { podProblems } from '../../../src/wait/pods.js';
import { condition, container, pod, UNSCHEDULABLE, unschedulablePod } from './samples.js';

const RUNNING = { running: { startedAt: '2025-06-01T10:00:00Z' } };

describe('a pod without problems', () => {
  it.each([
    [
      'ready',
      pod({
        phase: 'Running',
        conditions: [condition('Ready', 'True')],
        containerStatuses: [container(RUNNING, { ready: true })],
      }),
    ],
    ['completed', pod({ phase: 'Succeeded' })],
    [
      'being deleted',
      pod({
        metadata: { deletionTimestamp: '2025-06-01T10:00:00Z' },
        containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })],
      }),
    ],
  ])('is one that is %s', (_case, sample) => {
    expect(podProblems(sample)).toEqual([]);
  });
});

describe('scheduling', () => {
  it("gives the scheduler's message", () => {
    expect(podProblems(unschedulablePod())).toEqual([
      { reason: 'Unschedulable', message: UNSCHEDULABLE, terminal: false },
    ]);
  });

  it('knows a gated pod', () => {
    const gated = condition(
      'PodScheduled',
      'False',
      'SchedulingGated',
      'Scheduling is blocked due to non-empty scheduling gates',
    );
    expect(podProblems(pod({ spec: { nodeName: undefined }, conditions: [gated] }))[0]?.reason).toBe('SchedulingGated');
  });

  it('says that nobody has looked yet, or that the node is silent', () => {
    expect(podProblems(pod({ spec: { nodeName: undefined }, conditions: [] }))).toEqual([
      { reason: 'Pending', message: 'no scheduler has looked at the pod yet', terminal: false },
    ]);
    expect(podProblems(pod({ conditions: [condition('PodScheduled', 'True')] }))[0]?.message).toBe(
      'its node node-1 has not started the containers yet',
    );
    const creating = container({ waiting: { reason: 'ContainerCreating' } });
    expect(podProblems(pod({ containerStatuses: [creating] }))[0]?.reason).toBe('Pending');
  });
});

describe('images', () => {
  const registry =
    'failed to pull and unpack image "ghcr.io/volcano-sh/kthena-router:v9": failed to resolve reference: ghcr.io/volcano-sh/kthena-router:v9: not found';

  it.each(['ErrImagePull', 'ImagePullBackOff'])("%s comes with the registry's message and may pass", (reason) => {
    const [problem] = podProblems(pod({ containerStatuses: [container({ waiting: { reason, message: registry } })] }));
    expect(problem).toEqual({ reason, message: `container "router": ${registry}`, terminal: false });
  });

  it('names the image where there is no message', () => {
    const [problem] = podProblems(pod({ containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] }));
    expect(problem?.message).toBe('container "router": image ghcr.io/volcano-sh/kthena-router:v1.0.0');
  });

  it('an invalid name is terminal', () => {
    const message =
      'Failed to apply default image tag "GHCR.io/Kthena:": couldn\'t parse image name "GHCR.io/Kthena:": invalid reference format';
    const [problem] = podProblems(
      pod({ containerStatuses: [container({ waiting: { reason: 'InvalidImageName', message } })] }),
    );
    expect(problem).toEqual({ reason: 'InvalidImageName', message: `container "router": ${message}`, terminal: true });
  });
});

describe('containers that end', () => {
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: 'back-off 40s restarting failed container=router pod=kthena-router-66c8b4b9d4-x7k2p_kthena-system(1c4)',
  };

  it('a crash loop tells exit code, restarts and the last words', () => {
    const lastState = {
      terminated: { exitCode: 2, reason: 'Error', message: 'panic: flag\n\nprovided but not defined: -foo\n' },
    };
    const crashing = container({ waiting }, { restartCount: 4, lastState });
    expect(podProblems(pod({ phase: 'Running', containerStatuses: [crashing] }))).toEqual([
      {
        reason: 'CrashLoopBackOff',
        message: 'container "router" exited with code 2, restarted 4 times: panic: flag provided but not defined: -foo',
        terminal: false,
      },
    ]);
  });

  it('long last words lose their beginning, not the cause', () => {
    const message = `${'log line\n'.repeat(300)}fatal: no such file`;
    const crashing = container({ waiting }, { restartCount: 1, lastState: { terminated: { exitCode: 1, message } } });
    const [problem] = podProblems(pod({ containerStatuses: [crashing] }));
    expect(problem?.message).toMatch(/^container "router" exited with code 1, restarted once: ….*fatal: no such file$/);
    expect(problem!.message.length).toBeLessThan(800);
  });

  it('a crash loop without a last state keeps the message of the kubelet', () => {
    const [problem] = podProblems(pod({ containerStatuses: [container({ waiting })] }));
    expect(problem?.message).toBe(`container "router": ${waiting.message}`);
  });

  it('an out-of-memory kill tells the limit', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    expect(podProblems(pod({ containerStatuses: [container({ waiting }, { restartCount: 3, lastState })] }))).toEqual([
      {
        reason: 'OOMKilled',
        message:
          'container "router" was killed for exceeding its memory limit of 512Mi (exit code 137), restarted 3 times',
        terminal: false,
      },
    ]);
  });

  it('an end is told before the kubelet backs off', () => {
    const ended = container({
      terminated: {
        exitCode: 128,
        reason: 'StartError',
        message: 'exec: "kthena": executable file not found in $PATH',
      },
    });
    expect(podProblems(pod({ containerStatuses: [ended] }))[0]).toEqual({
      reason: 'StartError',
      message:
        'container "router" exited with code 128 (StartError): exec: "kthena": executable file not found in $PATH',
      terminal: false,
    });
  });

  it('to end well is a problem only where the container has to stay up', () => {
    const ended = container({ terminated: { exitCode: 0, reason: 'Completed' } });
    expect(podProblems(pod({ containerStatuses: [ended] }))[0]?.reason).toBe('Completed');
    const job = pod({ spec: { nodeName: 'node-1', restartPolicy: 'Never' }, containerStatuses: [ended] });
    expect(podProblems(job).map(({ reason }) => reason)).toEqual(['Pending']);
  });
});

describe('configuration', () => {
  it.each(['secret "kthena-router-tls" not found', "couldn't find key password in Secret kthena-system/redis-secret"])(
    '%s',
    (message) => {
      const waiting = { reason: 'CreateContainerConfigError', message };
      expect(podProblems(pod({ containerStatuses: [container({ waiting })] }))).toEqual([
        { reason: 'CreateContainerConfigError', message: `container "router": ${message}`, terminal: false },
      ]);
    },
  );
});

describe('containers that run', () => {
  it('are named while they are not ready', () => {
    expect(podProblems(pod({ phase: 'Running', containerStatuses: [container(RUNNING, { started: true })] }))).toEqual([
      { reason: 'ContainerNotReady', message: 'container "router" runs but is not ready', terminal: false },
    ]);
  });

  it('are told from those whose startup probe has not passed', () => {
    const [problem] = podProblems(
      pod({ phase: 'Running', containerStatuses: [container(RUNNING, { started: false })] }),
    );
    expect(problem?.message).toBe('container "router" runs but has not passed its startup probe');
  });

  it('tell of the crash before', () => {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', message: 'certificates not found' } };
    const [problem] = podProblems(
      pod({ phase: 'Running', containerStatuses: [container(RUNNING, { started: true, restartCount: 1, lastState })] }),
    );
    expect(problem?.message).toBe(
      'container "router" runs but is not ready; before that it exited with code 1, restarted once: certificates not found',
    );
  });

  it('only the ones that are not ready are named', () => {
    const ready = { ...container(RUNNING, { ready: true, started: true }), name: 'proxy' };
    const statuses = [ready, container(RUNNING, { started: true })];
    expect(podProblems(pod({ phase: 'Running', containerStatuses: statuses }))).toHaveLength(1);
  });
});

describe('init containers', () => {
  const notYet = container({ waiting: { reason: 'PodInitializing' } });
  const init = (state: Record<string, unknown>, more = {}) => ({ ...container(state, more), name: 'migrate' });
  const spec = { nodeName: 'node-1', initContainers: [{ name: 'migrate' }] };

  it('that run are named', () => {
    const sample = pod({ spec, initContainerStatuses: [init(RUNNING)], containerStatuses: [notYet] });
    expect(podProblems(sample)).toEqual([
      { reason: 'Initializing', message: 'init container "migrate" is still running', terminal: false },
    ]);
  });

  it('that fail are explained, those that are done are not', () => {
    const done = { ...init({ terminated: { exitCode: 0, reason: 'Completed' } }), name: 'first' };
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off' };
    const failing = init({ waiting }, { restartCount: 2, lastState: { terminated: { exitCode: 7, reason: 'Error' } } });
    expect(podProblems(pod({ spec, initContainerStatuses: [done, failing], containerStatuses: [notYet] }))).toEqual([
      {
        reason: 'CrashLoopBackOff',
        message: 'init container "migrate" exited with code 7, restarted 2 times',
        terminal: false,
      },
    ]);
  });

  it('that restart always are sidecars: to run is no problem for them', () => {
    const sidecars = { nodeName: 'node-1', initContainers: [{ name: 'migrate', restartPolicy: 'Always' }] };
    const up = init(RUNNING, { ready: true, started: true });
    const sample = pod({
      spec: sidecars,
      phase: 'Running',
      initContainerStatuses: [up],
      containerStatuses: [container(RUNNING, { started: true })],
    });
    expect(podProblems(sample).map(({ message }) => message)).toEqual(['container "router" runs but is not ready']);
  });
});

describe('the whole pod', () => {
  it('evicted, tells why', () => {
    const status = { reason: 'Evicted', message: 'The node was low on resource: memory.' };
    expect(podProblems(pod({ phase: 'Failed', status }))).toEqual([
      { reason: 'Evicted', message: 'The node was low on resource: memory.', terminal: false },
    ]);
  });

  it('waits for a readiness gate', () => {
    const gate = condition(
      'Ready',
      'False',
      'ReadinessGatesNotReady',
      'corresponding condition of pod readiness gate "example.com/lb" does not exist.',
    );
    const up = container(RUNNING, { ready: true, started: true });
    const [problem] = podProblems(
      pod({ phase: 'Running', conditions: [condition('PodScheduled', 'True'), gate], containerStatuses: [up] }),
    );
    expect(problem).toMatchObject({
      reason: 'ReadinessGatesNotReady',
      message: expect.stringContaining('example.com/lb') as string,
    });
  });
});
