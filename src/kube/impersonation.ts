import { KthenaError } from '../errors.js';
import type { UserEntry } from './kubeconfig-file.js';

/**
 * The headers with which to act as somebody else. The flags replace the kubeconfig's `as`, `as-groups`, … as a whole, so that no
 * group of one identity ends up with another user. Throws KthenaError `usage` for groups without a user.
 */
export function impersonationHeaders(
  entry: UserEntry,
  flags: { asUser?: string | undefined; asGroups?: readonly string[] | undefined },
): Record<string, string | string[]> {
  const flagGroups = flags.asGroups ?? [];
  const flagged = flags.asUser !== undefined && flags.asUser !== '';
  if (flagGroups.length > 0 && !flagged) {
    throw new KthenaError('usage', '--kube-as-group needs --kube-as-user.', {
      hint: 'Kubernetes gives groups only to a user that is named.',
    });
  }
  if (flagged) return headers({ user: flags.asUser, groups: flagGroups });
  return headers({
    user: entry.as,
    uid: entry['as-uid'],
    groups: entry['as-groups'] ?? [],
    extra: entry['as-user-extra'] ?? {},
  });
}

interface Identity {
  user: string | undefined;
  uid?: string | undefined;
  groups: readonly string[];
  extra?: Record<string, string[]>;
}

function headers({ user, uid, groups, extra = {} }: Identity): Record<string, string | string[]> {
  if (user === undefined) return {};
  const extras = Object.entries(extra).map(([key, values]) => [
    // Keys are percent-encoded: they may hold a slash.
    `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
    values,
  ]);
  return {
    'impersonate-user': user,
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }),
    ...Object.fromEntries(extras),
  };
}
