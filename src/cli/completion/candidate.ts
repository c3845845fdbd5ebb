/** A word that may stand at the cursor, whole: with what is typed of it already. */
export interface Candidate {
  /** Where it ends in `/`, `=`, `.` or `,` it goes on, and the shell puts no space behind it. */
  text: string;
  description?: string;
}

/** Those that begin as the word at the cursor does. */
export function startingWith(word: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(word));
}

/** The same words behind a text that stands before them in the word at the cursor. */
export function behind(prefix: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.map((candidate) => ({ ...candidate, text: prefix + candidate.text }));
}

/** One line a candidate, its description after a tab: what the scripts of the shells read. */
export function printCandidates(candidates: readonly Candidate[]): string {
  return candidates
    .filter(({ text }) => !/\p{Cc}/u.test(text))
    .map(({ text, description = '' }) => `${text}\t${description.replace(/\p{Cc}+/gu, ' ')}\n`)
    .join('');
}
