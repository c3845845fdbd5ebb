/** Control characters but tab and line feed, and those that turn the direction of text around. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from elsewhere as it may go to a terminal: what would move the cursor, change colours or hide text is shown as `\u001b`. Whoever may
 * write a release or a pod is not to write on the screen of whoever reads it.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '));
}
