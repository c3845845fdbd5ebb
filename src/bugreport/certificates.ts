import { certificatesOf, fromCaBundle } from '../certs/bundle.js';
import { examine } from '../certs/examine.js';
import { servedWebhooks, type ServedWebhooks } from '../certs/serving.js';
import { formatRef, type KubeObject } from '../kube/object.js';
import { pathSegment } from './archive.js';
import { textFile, yamlFile, type ReportFile } from './report-file.js';

/** Keys of a Secret with certificates in them. Whatever else stands there, only certificates are taken. */
const PUBLIC_KEYS = ['tls.crt', 'ca.crt'];

interface Webhook {
  name: string;
  clientConfig?: { caBundle?: string };
}

type Certificate = ReturnType<typeof certificatesOf>[number];

/**
 * The public parts of the certificates in Secrets and webhook configurations: as PEM, and what they say; and for the webhooks whether the
 * parts agree.
 *
 * @param live objects of the release, and the Secrets that its pods use
 */
export function certificateFiles(
  recorded: readonly KubeObject[],
  live: readonly KubeObject[],
  now: Date,
): ReportFile[] {
  const secrets = live.filter(({ kind }) => kind === 'Secret').flatMap(secretFiles);
  const bundles = live.filter(({ kind }) => kind.endsWith('WebhookConfiguration')).flatMap(bundleFiles);
  const served = servedWebhooks(recorded).map((webhooks) => agreement(webhooks, live, now));
  return [...secrets, ...bundles, ...(served.length === 0 ? [] : [yamlFile('certificates/webhooks.yaml', served)])];
}

function secretFiles(secret: KubeObject): ReportFile[] {
  const { namespace = '', name } = secret.metadata;
  const folder = `certificates/Secret/${pathSegment(namespace)}/${pathSegment(name)}`;
  return PUBLIC_KEYS.flatMap((key) => certificateTexts(`${folder}/${key}`, contentOf(secret, key)));
}

function bundleFiles(configuration: KubeObject): ReportFile[] {
  const webhooks = (configuration['webhooks'] as Webhook[] | undefined) ?? [];
  const folder = `certificates/${configuration.kind}/${pathSegment(configuration.metadata.name)}`;
  return webhooks.flatMap(({ name, clientConfig }) =>
    certificateTexts(`${folder}/${pathSegment(name)}`, fromCaBundle(clientConfig?.caBundle)),
  );
}

function certificateTexts(path: string, pem: string): ReportFile[] {
  const certificates = certificatesOf(pem);
  if (certificates.length === 0) return [];
  const text = certificates.map((certificate) => certificate.toString()).join('');
  return [textFile(`${path}.pem`, text), yamlFile(`${path}.yaml`, certificates.map(describeCertificate))];
}

function describeCertificate(certificate: Certificate): Record<string, unknown> {
  const { subject, issuer, subjectAltName, validFrom, validTo, serialNumber, fingerprint256, ca, publicKey } =
    certificate;
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  return {
    subject: subject ?? '',
    issuer: issuer ?? '',
    names: subjectAltName ?? '',
    notBefore: new Date(validFrom).toISOString(),
    notAfter: new Date(validTo).toISOString(),
    serialNumber,
    sha256: fingerprint256,
    isCa: ca,
    key: [asymmetricKeyType, asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength].filter(Boolean),
  };
}

function agreement(webhooks: ServedWebhooks, live: readonly KubeObject[], now: Date): Record<string, unknown> {
  const { service, secret, names, mode, serverName, configurations } = webhooks;
  const found = live.find(
    ({ kind, metadata }) =>
      kind === 'Secret' && metadata.namespace === secret.namespace && metadata.name === secret.name,
  );
  const bundles = configurations.flatMap((ref) => {
    const configuration = live.find(({ kind, metadata }) => kind === ref.kind && metadata.name === ref.name);
    return ((configuration?.['webhooks'] as Webhook[] | undefined) ?? []).map(({ name, clientConfig }) => ({
      webhook: `${formatRef(ref)} ${name}`,
      ca: fromCaBundle(clientConfig?.caBundle),
    }));
  });
  const problemsFor = (ca: string): string[] =>
    found === undefined
      ? [`${formatRef(secret)} is not there, or may not be read`]
      : examine({
          certificate: contentOf(found, 'tls.crt'),
          privateKey: contentOf(found, 'tls.key'),
          ca,
          names: [serverName],
          now,
        }).map(({ message }) => message);
  return {
    service: `${service.namespace}/${service.name}`,
    mode,
    secret: formatRef(secret),
    names,
    webhooks: bundles.map(({ webhook, ca }) => ({ webhook, problems: problemsFor(ca) })),
  };
}

function contentOf(secret: KubeObject, key: string): string {
  const data = (secret['data'] ?? {}) as Record<string, string>;
  return Buffer.from(data[key] ?? '', 'base64').toString('utf8');
}
