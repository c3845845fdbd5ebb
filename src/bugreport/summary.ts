import { describeFinding } from '../preflight/check.js';
import type { CheckResult } from '../preflight/run.js';
import type { Release } from '../release/release.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { VERSION } from '../version.js';
import { maskText } from './mask.js';
import { textFile, type ReportFile } from './report-file.js';

export interface SummaryParts {
  release: ReleaseIdentity;
  latest: Release | undefined;
  server: string;
  time: Date;
  checks: readonly CheckResult[];
  unread: readonly string[];
}

const CONTENTS = `What is in this report
  versions.yaml        versions of kthena, Node.js and the API server
  release/             the record: its revisions; values and objects of the latest ones
  objects/             the release's objects as they are in the cluster, and what its pods use
  namespaces/          namespace, pods, replica sets, quotas, endpoints, events
  logs/                of the containers, each the last 10 MiB; .previous is of the one before a restart
  certificates/        public parts only: PEM, and what they say
  cluster/             CRDs without schemas, webhook configurations for Kthena's resources, nodes
  checks.yaml          what "kthena check" finds

What is not
  The contents of Secrets, and private keys. Environment variables, flags, keys of ConfigMaps and values whose
  names tell of a credential are masked, and so is what has the form of one in logs and messages. A log can hold
  anything: look through it before you hand the report on.
`;

/** What a reader looks at first. */
export function summaryFile({ release, latest, server, time, checks, unread }: SummaryParts): ReportFile {
  const findings = checks.flatMap(({ id, findings: found }) =>
    found.map((finding) => `${finding.severity}: ${id}: ${describeFinding(finding)}`),
  );
  const state =
    latest === undefined
      ? 'no record of it could be read'
      : `revision ${latest.version}, ${latest.info.status}: ${latest.info.description ?? ''}`;
  const text = [
    `Report of kthena ${VERSION}, ${time.toISOString()}`,
    `Release ${release.name} in namespace ${release.namespace}: ${state}`,
    `API server ${server}`,
    '',
    section('What the checks found', findings, 'nothing is wrong, or none could be made'),
    section('What could not be read, or was left out', unread, 'nothing'),
    CONTENTS,
  ].join('\n');
  return textFile('summary.txt', maskText(text));
}

function section(title: string, lines: readonly string[], none: string): string {
  return `${title}\n${(lines.length === 0 ? [none] : lines).map((line) => `  ${line.replaceAll(/\s*\n\s*/g, ' ')}\n`).join('')}`;
}
