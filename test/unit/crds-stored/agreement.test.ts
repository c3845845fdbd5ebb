import { describe, expect, it } from 'vitest';
import { ratingOf } from '../../../src/crds/compare/change.js';
import { compareCrds } from '../../../src/crds/compare/compare.js';
import { crdWithSpec } from '../crds-compare/samples.js';
import { FIELD_CASES, type FieldCase } from './field-cases.js';

/** Where the comparison says `safe`, nobody looks at the resources: it may be too strict, never too lax. */
describe('the rating of a change', () => {
  const crdOf = (name: string, field: FieldCase['before']) =>
    crdWithSpec({ type: 'object', properties: { [name]: field } });
  const broken = FIELD_CASES.filter(({ problems }) => problems.length > 0);

  it.each(broken.map((each) => [each.name, each] as const))(
    'is not safe where a stored resource has a problem: %s',
    (name, { before, after, problems }) => {
      const rating = ratingOf(compareCrds(crdOf(name, before), crdOf(name, after)));
      const lost = problems.some(({ problem }) => problem === 'dropped');
      expect(lost ? ['breaking'] : ['tightening', 'breaking']).toContain(rating);
    },
  );
});
