/**
 * What a change of a CRD means for the resources that are stored:
 * - `safe`: whatever is stored stays as it is and stays valid;
 * - `tightening`: what was accepted may be refused now, or may mean something else; which resources that concerns, only they tell;
 * - `breaking`: stored data is lost, is certainly refused, or can no longer be reached.
 */
export type Rating = 'safe' | 'tightening' | 'breaking';

export interface CrdChange {
  /** `v1alpha1: spec.rules[].targetModels` in the schema of a version, else a path in the CRD: `spec.scope`. */
  path: string;
  /** Which rule found it, such as `required-added`: for scripts, stable from release to release. */
  rule: string;
  rating: Rating;
  message: string;
  /** Absent where there was or is nothing, and where the path says it all. */
  before?: unknown;
  after?: unknown;
}

const RATINGS: readonly Rating[] = ['safe', 'tightening', 'breaking'];

/** The worst of the changes; `safe` where there are none. */
export function ratingOf(changes: readonly CrdChange[]): Rating {
  return RATINGS[Math.max(0, ...changes.map(({ rating }) => RATINGS.indexOf(rating)))]!;
}

/** A change with `before` and `after` left out where undefined. */
export function change(
  path: string,
  rule: string,
  rating: Rating,
  message: string,
  values: { before?: unknown; after?: unknown } = {},
): CrdChange {
  const found: CrdChange = { path, rule, rating, message };
  if (values.before !== undefined) found.before = values.before;
  if (values.after !== undefined) found.after = values.after;
  return found;
}
