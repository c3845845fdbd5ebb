import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anchor } from '../../../scripts/docs/markdown.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Paths below the root of the documents for readers. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'examples/redis/README.md',
  ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => `docs/${path}`),
];

export function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

export interface CodeBlock {
  /** What stands behind the fence: `sh`, `yaml result`. */
  info: string;
  text: string;
}

const FENCED = /^```(.*)\n([\s\S]*?)^```$/gm;

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCED)].map(([, info, text]) => ({ info: info!, text: text! }));
}

/** What stands between single backquotes in the text. */
export function codeSpans(markdown: string): string[] {
  return [...markdown.replace(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
}

/** Targets of links. */
export function links(markdown: string): string[] {
  return [...markdown.replace(FENCED, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** The anchors of a document's headings; of headings that are alike the second gets `-1`, as on GitHub. */
export function anchors(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...markdown.replace(FENCED, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
    const name = anchor(heading!) as string;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}
