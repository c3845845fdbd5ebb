/** Every check, in the order in which the results are shown. The names are a contract with scripts: `--skip-checks`, `-o json`. */
export const CHECK_IDS = [
  'server',
  'rights',
  'namespace',
  'objects',
  'crds',
  'cert-manager',
  'gateway-api',
  'volcano',
  'redis',
  'webhooks',
  'certificates',
  'admission',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

export function isCheckId(text: string): text is CheckId {
  return (CHECK_IDS as readonly string[]).includes(text);
}
