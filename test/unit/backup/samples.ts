import { createHash } from 'node:crypto';
import { KthenaError } from '../../../src/errors.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { END, type BackupHeader } from '../../../src/backup/format.js';
import { readBackup, type BackupDocument, type BackupSummary } from '../../../src/backup/read.js';
import { saved, type SavedResource } from '../../../src/backup/resource.js';
import { Tally } from '../../../src/backup/tally.js';
import { writeBackup } from '../../../src/backup/write.js';

export const GROUPS = ['workload.serving.volcano.sh', 'networking.serving.volcano.sh'];

export const HEADER: BackupHeader = {
  tool: 'kthena 1.0.0',
  time: '2026-01-31T12:00:00.000Z',
  server: 'https://127.0.0.1:6443',
  kinds: ['networking.serving.volcano.sh/v1alpha1/ModelRoute'],
  namespaces: [],
  children: false,
};

export function route(name: string, parts: Record<string, unknown> = {}): KubeObject {
  const { metadata, ...content } = parts;
  return {
    apiVersion: 'networking.serving.volcano.sh/v1alpha1',
    kind: 'ModelRoute',
    metadata: { name, namespace: 'models', ...(metadata as object) },
    spec: { modelName: name, rules: [{ targetModels: [{ modelServerName: 'one' }] }] },
    ...content,
  };
}

export async function backupOf(objects: readonly KubeObject[]): Promise<Buffer> {
  return bytesOf(objects.map((object) => saved(object)));
}

async function bytesOf(resources: readonly SavedResource[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const contents = { header: HEADER, leftOut: { children: 0, terminating: 0 }, tally: new Tally() };
  for await (const chunk of writeBackup({ ...contents, resources: each(resources) })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The file in pieces of this size. */
export function inChunks(file: Buffer, size: number): AsyncGenerator<Buffer> {
  const starts = Array.from({ length: Math.ceil(file.length / size) }, (_, index) => index * size);
  return each(starts.map((start) => file.subarray(start, start + size)));
}

export interface Read extends BackupSummary {
  documents: BackupDocument[];
}

export async function read(
  file: Buffer | string,
  { edited = false, chunk = 1 << 16 }: { edited?: boolean; chunk?: number } = {},
): Promise<Read> {
  const documents: BackupDocument[] = [];
  const summary = await readBackup(
    inChunks(Buffer.from(file), chunk),
    { name: 'backup.yaml', groups: GROUPS, edited },
    (document) => void documents.push(document),
  );
  return { ...summary, documents };
}

export async function refusal(work: Promise<unknown>): Promise<KthenaError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KthenaError) return error;
  throw error ?? new Error('it was accepted');
}

/** A file with other documents, its counts and checksum put right again: what somebody could make who means ill. */
export function forged(file: Buffer | string, change: (text: string) => string): string {
  const text = file.toString();
  const end = text.lastIndexOf(END);
  const body = change(text.slice(0, end));
  const trailer = JSON.parse(text.slice(end + END.length)) as Record<string, unknown>;
  const resources = body.split(/^---$/m).length - 1;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${body}${END}${JSON.stringify({ ...trailer, resources, sha256 })}\n`;
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts that a writer or a reader of YAML may take for something else. */
export const NASTY_TEXTS = [
  ...[
    '',
    ' ',
    'yes',
    'No',
    'on',
    'y',
    'n',
    '~',
    'null',
    'NULL',
    'true',
    '0644',
    '0o17',
    '0x1F',
    '0b11',
    '1_000',
    '1:30',
  ],
  ...[
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '.5',
    '5.',
    '1e3',
    '1e400',
    '.inf',
    '-.Inf',
    '.nan',
    '+12',
    '-0',
    '<<',
    '=',
  ],
  ...[
    '---',
    '--- a',
    '...',
    '# x',
    'a #b',
    'a: b',
    'a:',
    '- a',
    '-',
    '?',
    '? a',
    '!x',
    '!!binary x',
    '&a',
    '*a',
    '%a',
    '@a',
    '`a',
  ],
  ...[
    '|',
    '>',
    '{a}',
    '[a]',
    ',',
    ' a',
    'a ',
    '\ta',
    'a\t',
    'a\nb',
    'a\nb\n',
    '\n',
    '\n\n',
    'a\n\n\n',
    ' a\nb',
    '\n a',
    'a\r\nb',
  ],
  ...[
    '\r',
    '\0',
    '\x07',
    '\x7f',
    '\x80',
    '\x85',
    '\xa0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\ud800',
    '\u{1f600}',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\n',
    'a\n---\nb',
    '---\n',
    'a\n---\nkind: ClusterRoleBinding\n',
    'a\n# restore: {"status":{}}\nb',
    '# end: {}',
  ],
  ...[
    'a\n# end: {}\n',
    '  \n  a\n',
    'a\n \n',
    '\t\nfoo',
    'foo\n\tbar',
    '123456789012345678901234567890',
    '__proto__',
    'constructor',
  ],
  ...[
    'x'.repeat(3000),
    'line\n'.repeat(200),
    'Ωμέγα 🦙',
    'e\u0301',
    '9007199254740993',
    '"9007199254740993"',
    '\\"',
    '\u200b',
  ],
];

export const NUMBERS = [
  0,
  -1,
  1.5,
  1e21,
  1e20,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  0.1,
  2 ** 31,
  -(2 ** 53) + 1,
  123456789012,
];
export const LARGE_INTEGERS = [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 1152921504606846976n];

/** A value of JSON, as deep as 5. */
export function randomValue(random: () => number, depth = 5): unknown {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const size = Math.floor(random() * 4);
  const kind = depth === 0 ? random() * 0.7 : random();
  if (kind < 0.4) return pick(NASTY_TEXTS);
  if (kind < 0.55) return pick(NUMBERS);
  if (kind < 0.6) return pick(LARGE_INTEGERS);
  if (kind < 0.7) return pick([true, false, null]);
  if (kind < 0.82) return Array.from({ length: size }, () => randomValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(NASTY_TEXTS), randomValue(random, depth - 1)]));
}
