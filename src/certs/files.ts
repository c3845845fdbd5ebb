import { KthenaError } from '../errors.js';
import type { ObjectRef } from '../kube/object.js';
import { certificatesOf } from './bundle.js';
import { examine, type Problem } from './examine.js';
import type { KeyPairFiles } from './issue.js';
import { PARTS } from './parts.js';
import { pemBlocks } from './pem.js';
import type { ServedWebhooks } from './serving.js';
import { COMPONENTS, flagFor, type TlsFile, type TlsFiles, type TlsParts } from './tls-files.js';

/** A certificate that was given as files, and the Secret it is to be in. */
export interface GivenCertificate {
  secret: ObjectRef;
  files: KeyPairFiles;
}

export interface CheckedFiles {
  certificates: GivenCertificate[];
  /** What still works, and will not much longer. */
  warnings: string[];
}

/**
 * Which files go into which Secret, each certificate examined with everything it is needed for.
 *
 * @param served what the release serves with these values
 * @throws KthenaError `usage` naming every flag, file and problem
 */
export function checkTlsFiles(files: TlsFiles, served: readonly ServedWebhooks[], now: Date): CheckedFiles {
  checkAllUsed(files, served);
  const complete = served.map((webhooks) => ({ webhooks, parts: partsFor(files, webhooks) }));
  const missing = complete.flatMap(({ webhooks, parts }) => missingFlags(webhooks, parts));
  if (missing.length > 0) throw incomplete(missing);
  const found = complete.map(({ webhooks, parts }) => examined(webhooks, parts as Required<TlsParts>, now));
  // One file for both components, one line for what is wrong with it whichever of them it is for.
  const lines = [...new Set(found.flatMap(({ problems }) => problems.filter(isGrave).map(lineOf)))];
  if (lines.length > 0)
    throw unusable(
      lines,
      found.flatMap(({ problems }) => problems),
    );
  const expiring = found.flatMap(({ problems }) => problems.map(lineOf));
  return { certificates: found.map(({ certificate }) => certificate), warnings: [...new Set(expiring)] };
}

interface FileProblem {
  file: TlsFile;
  problem: Problem;
}

function examined(
  { secret, serverName }: ServedWebhooks,
  parts: Required<TlsParts>,
  now: Date,
): { certificate: GivenCertificate; problems: FileProblem[] } {
  const { certificate, privateKey, ca } = parts;
  const problems = examine({
    certificate: certificate.text,
    privateKey: privateKey.text,
    ca: ca.text,
    names: [serverName],
    now,
  });
  const files = {
    certificate: certificatesAlone(certificate.text),
    privateKey: keyAlone(privateKey.text),
    ca: certificatesAlone(ca.text),
  };
  return {
    certificate: { secret, files },
    problems: problems.map((problem) => ({ file: parts[problem.part], problem })),
  };
}

/** A file may hold the key beside the certificate; it is not to come into a part that everybody may read. */
function certificatesAlone(pem: string): string {
  return certificatesOf(pem)
    .map((certificate) => certificate.toString())
    .join('');
}

function keyAlone(pem: string): string {
  const block = pemBlocks(pem).find(({ label }) => label.endsWith('PRIVATE KEY'));
  return `${block?.text ?? ''}\n`;
}

function partsFor({ all, components }: TlsFiles, { deployment }: ServedWebhooks): TlsParts {
  const component = COMPONENTS.find((candidate) => candidate.deployment === deployment.name);
  return { ...all, ...(component === undefined ? {} : components[component.deployment]) };
}

function missingFlags({ deployment }: ServedWebhooks, parts: TlsParts): string[] {
  const prefix = COMPONENTS.find((candidate) => candidate.deployment === deployment.name)?.prefix;
  return PARTS.filter((part) => parts[part] === undefined).map((part) => {
    const own = prefix === undefined ? '' : `${flagFor(part, prefix)} or `;
    return `${deployment.name}: ${own}${flagFor(part)} is missing`;
  });
}

/** @throws KthenaError `usage` for a flag that would do nothing */
function checkAllUsed({ all, components }: TlsFiles, served: readonly ServedWebhooks[]): void {
  const serves = (name: string): boolean => served.some(({ deployment }) => deployment.name === name);
  const given = [
    ...(served.length > 0 ? [] : Object.values(all)),
    ...COMPONENTS.filter(({ deployment }) => !serves(deployment)).flatMap(({ deployment }) =>
      Object.values(components[deployment]),
    ),
  ];
  if (given.length === 0) return;
  const who = served.length === 0 ? 'no component serves webhooks' : 'this component serves no webhooks';
  throw new KthenaError('usage', `${given[0]!.flag}: with these values ${who}`, {
    hint: 'Leave the flag out, or enable the component and its webhook.',
  });
}

function isGrave({ problem }: FileProblem): boolean {
  return problem.kind !== 'expiring';
}

function lineOf({ file, problem }: FileProblem): string {
  return `${file.flag} ${file.path}: ${problem.message}`;
}

function incomplete(details: readonly string[]): KthenaError {
  return new KthenaError('usage', 'the certificate files are not complete', {
    details,
    hint: 'Each component that serves webhooks needs a certificate, its private key and the CA; --tls-cert-file, --tls-private-key-file and --tls-ca-file stand for all components.',
  });
}

function unusable(details: readonly string[], problems: readonly FileProblem[]): KthenaError {
  const encrypted = problems.find(({ problem }) => problem.kind === 'encrypted');
  const hint =
    encrypted === undefined
      ? 'Nothing was written. The API server would not call webhooks with these certificates.'
      : `Nothing was written. Decrypt the key first: openssl pkey -in ${encrypted.file.path} -out <file>`;
  return new KthenaError('usage', 'the certificate files cannot be used', { details, hint });
}
