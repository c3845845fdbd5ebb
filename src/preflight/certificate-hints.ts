import type { Disagreement } from '../certs/judge.js';
import type { CertificateUse } from '../certs/uses.js';
import type { ReleaseIdentity } from '../render/scope.js';

/** What to do about a certificate, by who makes it. */
export function hintFor({ cause }: Disagreement, use: CertificateUse, release: ReleaseIdentity): string {
  const { deployment, secret } = use;
  if (cause === 'restart') {
    return `Restart them: kubectl rollout restart deployment/${deployment.name} -n ${deployment.namespace}`;
  }
  switch (use.mode) {
    case 'auto':
      return `Have it made anew: kthena certs renew ${release.name} -n ${release.namespace}`;
    case 'cert-manager':
      return cause === 'untrusted'
        ? "cert-manager's CA injector writes the caBundle: look whether it runs, and at its log."
        : `cert-manager fills this Secret: kubectl describe certificate -n ${secret.namespace} says how far it is.`;
    case 'manual':
      return use.for === 'router' ? routerHint(use) : webhookHint(use);
  }
}

function routerHint({ secret: { name, namespace }, deployment }: CertificateUse): string {
  return `The pods of ${deployment.name} do not start without it. Make it with: kubectl create secret tls ${name} -n ${namespace} --cert=tls.crt --key=tls.key`;
}

function webhookHint({ secret: { name, namespace } }: CertificateUse): string {
  const command = `kubectl create secret generic ${name} -n ${namespace} --type=kubernetes.io/tls --from-file=tls.crt --from-file=tls.key --from-file=ca.crt`;
  return `Give the certificate to install or upgrade with --tls-cert-file, --tls-private-key-file and --tls-ca-file, or make the Secret: ${command}`;
}
