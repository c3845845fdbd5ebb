import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInFolder } from '../../bundle/built-in.js';

const FILES = { bash: 'kthena.bash', zsh: 'kthena.zsh', fish: 'kthena.fish', powershell: 'kthena.ps1' };

/** What a shell loads to complete at the Tab key; it asks this program for everything. */
export function completionScript(shell: keyof typeof FILES): Promise<string> {
  return readFile(join(builtInFolder(), '..', 'completion', FILES[shell]), 'utf8');
}
