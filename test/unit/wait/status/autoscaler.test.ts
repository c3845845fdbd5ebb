import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../../src/wait/status.js';
import { condition, object } from '../samples.js';

describe('a HorizontalPodAutoscaler', () => {
  const autoscaler = (...conditions: object[]) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', { status: { conditions } });
  const able = condition('AbleToScale', 'True', 'SucceededGetScale');

  it('is ready because it exists', () => {
    expect(statusOf(object('autoscaling/v2', 'HorizontalPodAutoscaler'))).toEqual({ state: 'ready', message: 'ready' });
    expect(statusOf(autoscaler(able, condition('ScalingActive', 'True')))).not.toHaveProperty('remark');
    expect(statusOf(autoscaler(able, condition('ScalingActive', 'False', 'ScalingDisabled')))).not.toHaveProperty(
      'remark',
    );
  });

  it('remarks why it does not scale', () => {
    const noMetrics = condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'unable to get metrics');
    expect(statusOf(autoscaler(able, noMetrics))).toEqual({
      state: 'ready',
      message: 'ready',
      remark: 'does not scale: unable to get metrics',
    });
  });
});
