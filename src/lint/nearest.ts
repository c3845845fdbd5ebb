import { distance } from 'fastest-levenshtein';

/** The known name a misspelled one most likely meant; undefined where none is near (more than a third of the letters differ). */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const spelled = name.toLowerCase();
  let nearest: string | undefined;
  let least = Math.ceil(name.length / 3) + 1;
  for (const candidate of known) {
    const edits = distance(spelled, candidate.toLowerCase());
    if (edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest;
}
