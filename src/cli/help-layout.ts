import { Help, type Command } from 'commander';

/** Wide enough for most flags, and narrow enough to leave a description half of 80 columns. */
const MAX_TERM_WIDTH = 34;

/** One long flag is not to push the descriptions of all others to the edge. */
export function padWidth(command: Command, helper: Help): number {
  return Math.min(MAX_TERM_WIDTH, Help.prototype.padWidth.call(helper, command, helper));
}

/** A term that is longer has its description on the next line. */
export function formatItem(term: string, width: number, description: string, helper: Help): string {
  const format = (text: string, about: string): string =>
    Help.prototype.formatItem.call(helper, text, width, about, helper);
  if (helper.displayWidth(term) <= width) return format(term, description);
  return `${format(term, '')}\n${format('', description)}`;
}
