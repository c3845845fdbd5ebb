import { describe, expect, it } from 'vitest';
import { deploymentProblems, eventSources, newestReplicaSet } from '../../../src/wait/deployment-problems.js';
import {
  condition,
  container,
  deployment,
  event,
  pod,
  QUOTA,
  replicaSet,
  UNSCHEDULABLE,
  unschedulablePod,
} from './samples.js';

const progressing = deployment({ replicas: 2, updatedReplicas: 2 });
const quotaFailure = { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', QUOTA)] };
const notReady = container({ running: {} }, { started: true });

describe('newestReplicaSet', () => {
  it('is the one of the highest revision, counted as a number', () => {
    expect(newestReplicaSet(progressing, [replicaSet(9), replicaSet(10), replicaSet(2)])?.metadata.name).toBe(
      'kthena-router-10',
    );
  });

  it('belongs to the Deployment: labels alone do not count', () => {
    const foreign = replicaSet(11);
    foreign.metadata.ownerReferences![0]!.uid = 'another';
    expect(newestReplicaSet(progressing, [foreign])).toBeUndefined();
  });
});

describe('deploymentProblems', () => {
  it('is empty for a Deployment that is ready', () => {
    const ready = deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
    const evidence = { deployment: ready, replicaSet: replicaSet(2, quotaFailure), pods: [unschedulablePod()] };
    expect(deploymentProblems(evidence, [])).toEqual([]);
  });

  it('says nothing of pods before the controller has seen the change: they are those of before', () => {
    const changed = deployment({ observedGeneration: 2 });
    const problems = deploymentProblems(
      { deployment: changed, replicaSet: replicaSet(2), pods: [unschedulablePod()] },
      [],
    );
    expect(problems.map(({ reason }) => reason)).toEqual(['NotObserved']);
  });

  it('tells what replicas have in common once, with their pods', () => {
    const pods = [unschedulablePod('a'), unschedulablePod('b'), unschedulablePod('c'), unschedulablePod('d')];
    expect(deploymentProblems({ deployment: progressing, replicaSet: replicaSet(2), pods }, [])).toEqual([
      { reason: 'Unschedulable', message: `${UNSCHEDULABLE} (pods a, b and 2 more)`, terminal: false },
    ]);
  });

  it('leaves the pods of older ReplicaSets out', () => {
    const evidence = { deployment: progressing, replicaSet: replicaSet(3), pods: [unschedulablePod()] };
    expect(deploymentProblems(evidence, [])).toEqual([]);
  });

  it('puts what cannot get better by itself first', () => {
    const invalid = container({ waiting: { reason: 'InvalidImageName', message: 'invalid reference format' } });
    const pods = [unschedulablePod('a'), pod({ metadata: { name: 'b', uid: 'b' }, containerStatuses: [invalid] })];
    const problems = deploymentProblems({ deployment: progressing, replicaSet: replicaSet(2), pods }, []);
    expect(problems.map(({ reason, terminal }) => [reason, terminal])).toEqual([
      ['InvalidImageName', true],
      ['Unschedulable', false],
    ]);
  });
});

describe('pods that cannot be created', () => {
  const problemsOf = (message: string, pods = [] as ReturnType<typeof pod>[]) => {
    const failing = replicaSet(2, { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', message)] });
    return deploymentProblems({ deployment: progressing, replicaSet: failing, pods }, []);
  };

  it.each([
    ['a quota', QUOTA],
    [
      'limits that the quota asks for',
      'pods "r-1" is forbidden: failed quota: compute: must specify limits.cpu for: router',
    ],
    [
      'pod security',
      'pods "r-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    ],
    ["a webhook's verdict", 'admission webhook "validate.example.com" denied the request: image is not signed'],
    ['an invalid pod', 'Pod "r-1" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "tls"'],
  ])('are terminal when refused by %s', (_case, message) => {
    expect(problemsOf(message)).toEqual([{ reason: 'FailedCreate', message, terminal: true }]);
  });

  it.each([
    [
      'a webhook that does not answer',
      'Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "https://hook.default.svc:443/": dial tcp 10.96.0.7:443: connect: connection refused',
    ],
    [
      'an account not there yet',
      'pods "r-1" is forbidden: error looking up service account kthena-system/router: serviceaccount "router" not found',
    ],
  ])('may pass: %s', (_case, message) => {
    expect(problemsOf(message)).toEqual([{ reason: 'FailedCreate', message, terminal: false }]);
  });

  it('may pass while pods of the Deployment end and give their share of the quota back', () => {
    const ending = pod({ metadata: { uid: 'old', ownerReferences: [], deletionTimestamp: '2025-06-01T10:00:00Z' } });
    expect(problemsOf(QUOTA, [ending])[0]?.terminal).toBe(false);
  });

  it('are not blamed on an older ReplicaSet, whose failure the Deployment repeats', () => {
    const repeating = deployment({ replicas: 2, updatedReplicas: 2, ...quotaFailure });
    expect(deploymentProblems({ deployment: repeating, replicaSet: replicaSet(2), pods: [] }, [])).toEqual([]);
    expect(deploymentProblems({ deployment: repeating, replicaSet: undefined, pods: [] }, [])[0]?.message).toBe(QUOTA);
  });

  it('includes a ReplicaSet that cannot be created', () => {
    const message =
      'Failed to create new replica set "r-66c8": replicasets.apps "r-66c8" is forbidden: exceeded quota: sets';
    const refused = deployment({ conditions: [condition('Progressing', 'False', 'ReplicaSetCreateError', message)] });
    expect(deploymentProblems({ deployment: refused, replicaSet: undefined, pods: [] }, [])).toEqual([
      { reason: 'ReplicaSetCreateError', message, terminal: true },
    ]);
  });
});

describe('events', () => {
  const waiting = pod({ phase: 'Running', containerStatuses: [notReady] });
  const problemsWith = (pods: ReturnType<typeof pod>[], events: ReturnType<typeof event>[], set = replicaSet(2)) =>
    deploymentProblems({ deployment: progressing, replicaSet: set, pods }, events).map(({ reason }) => reason);

  it('add what probes say, which tells more than that a container is not ready', () => {
    const probe = event(
      'Unhealthy',
      'Readiness probe failed: Get "http://10.0.0.8:8080/readyz": dial tcp 10.0.0.8:8080: connect: connection refused',
    );
    expect(
      deploymentProblems({ deployment: progressing, replicaSet: replicaSet(2), pods: [waiting] }, [probe]),
    ).toEqual([
      { reason: 'Unhealthy', message: probe.message, terminal: false },
      {
        reason: 'ContainerNotReady',
        message: expect.stringContaining('container "router" runs but is not ready') as string,
        terminal: false,
      },
    ]);
  });

  it('add mounts that fail, until a container has run', () => {
    const mount = event(
      'FailedMount',
      'MountVolume.SetUp failed for volume "tls" : secret "kthena-router-tls" not found',
    );
    const creating = pod({ containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] });
    expect(problemsWith([creating], [mount])).toEqual(['FailedMount', 'Pending']);
    expect(problemsWith([waiting], [mount])).toEqual(['ContainerNotReady']);
  });

  it('do not repeat what statuses say', () => {
    const backOff = container({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } });
    const crashing = pod({ containerStatuses: [backOff] });
    expect(
      problemsWith(
        [crashing],
        [event('BackOff', 'Back-off restarting failed container'), event('Failed', 'Error: ImagePullBackOff')],
      ),
    ).toEqual(['CrashLoopBackOff']);
    const scheduling = event('FailedScheduling', UNSCHEDULABLE, { involvedObject: { uid: 'uid-of-a' } });
    expect(problemsWith([unschedulablePod('a')], [scheduling])).toEqual(['Unschedulable']);
  });

  it("give the registry's answer where the status of a back-off leaves it out", () => {
    const answer =
      'Failed to pull image "ghcr.io/volcano-sh/kthena-router:v9": rpc error: code = NotFound desc = not found';
    const pulling = (message: string) =>
      pod({ containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff', message } })] });
    const short = 'Back-off pulling image "ghcr.io/volcano-sh/kthena-router:v9"';
    expect(problemsWith([pulling(short)], [event('Failed', answer)])).toEqual(['Failed', 'ImagePullBackOff']);
    const long = `${short}: ErrImagePull: rpc error: code = NotFound desc = not found`;
    expect(problemsWith([pulling(long)], [event('Failed', answer)])).toEqual(['ImagePullBackOff']);
  });

  it('of pods that are ready, or of others, are left out', () => {
    const probe = event('Unhealthy', 'Readiness probe failed');
    const ready = pod({ phase: 'Running', conditions: [condition('Ready', 'True')] });
    expect(problemsWith([ready], [probe])).toEqual([]);
    expect(problemsWith([pod({ metadata: { uid: 'pod-2' } })], [probe])).toEqual(['Pending']);
  });

  it('of a creation that failed count while pods are missing', () => {
    const failed = event('FailedCreate', QUOTA, { involvedObject: { kind: 'ReplicaSet', uid: 'replicaset-2' } });
    expect(problemsWith([], [failed])).toEqual(['FailedCreate']);
    expect(problemsWith([], [failed], replicaSet(2, quotaFailure))).toEqual(['FailedCreate']);
    expect(problemsWith([unschedulablePod('a'), unschedulablePod('b')], [failed])).toEqual(['Unschedulable']);
  });
});

describe('eventSources', () => {
  it('are the ReplicaSet and a few of its pods that are not ready', () => {
    const ready = pod({
      metadata: { name: 'ready', uid: 'ready' },
      phase: 'Running',
      conditions: [condition('Ready', 'True')],
    });
    const pods = [ready, ...['a', 'b', 'c', 'd'].map((name) => unschedulablePod(name))];
    const names = eventSources({ deployment: progressing, replicaSet: replicaSet(2), pods }).map(
      ({ metadata }) => metadata.name,
    );
    expect(names).toEqual(['kthena-router-2', 'a', 'b', 'c']);
  });

  it('is the Deployment without a ReplicaSet', () => {
    expect(eventSources({ deployment: progressing, replicaSet: undefined, pods: [] })).toEqual([progressing]);
  });
});
