import { codeBlocks, codeSpans, documents, read } from './markdown.js';

/** A command line of the documentation. */
export interface CommandLine {
  document: string;
  /** As it is written: with quotes, and with what it is piped into. */
  line: string;
  /** It stands in a block of its own, to be typed as it is; elsewhere it may only name a command. */
  inBlock: boolean;
  /** What kthena gets, its own name left out. */
  args: string[];
  /** The output that is shown below it, of which `…` leaves out any part; undefined where none is shown. */
  output?: string;
}

/** Every use of kthena in code blocks and in code within the text. */
export function commandLines(): CommandLine[] {
  return documents.flatMap((document) => {
    const text = read(document);
    const blocks = codeBlocks(text).flatMap(({ info, text: block }) => {
      if (info === 'sh') return block.split('\n').map((line) => ({ line }));
      return info === 'console' ? session(block) : [];
    });
    const spans = codeSpans(text).map((line) => ({ line, inBlock: false }));
    return [...blocks.map((found) => ({ ...found, inBlock: true })), ...spans]
      .filter(({ line }) => /^kthena /.test(line) && !/[<[…]/.test(line.replace(/'[^']*'/g, '')))
      .map((found) => ({ document, ...found, args: argumentsOf(found.line) }));
  });
}

/** `$ command` and below it what it prints. */
function session(block: string): { line: string; output: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { line: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/** The words of the first command of a shell line, its quotes taken off. */
export function argumentsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"|>])+|[|>]/g)) {
    if (word === '|' || word === '>') break;
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''));
  }
  return words.slice(1);
}
