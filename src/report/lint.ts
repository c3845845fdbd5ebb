import type { LintFinding } from '../actions/lint.js';
import { formatStructured, type StructuredFormat } from './structured.js';

export function presentLint(findings: readonly LintFinding[], format: 'text' | StructuredFormat): string {
  if (format !== 'text') return formatStructured(findings, format);
  if (findings.length === 0) return 'No problems found.\n';
  return findings
    .map(({ severity, source, message }) => `[${severity.toUpperCase()}] ${source}: ${message}\n`)
    .join('');
}
