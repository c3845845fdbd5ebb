import type { ChalkInstance } from 'chalk';
import type { CheckReport } from '../actions/check.js';
import { describeFinding, type Finding, type Severity } from '../preflight/check.js';
import type { CheckResult, CheckStatus } from '../preflight/run.js';
import { oneLine, printable } from './printable.js';
import { formatStructured, type StructuredFormat } from './structured.js';

const MARKS: Record<CheckStatus, string> = { passed: '✓', warning: '‼', failed: '✗', skipped: '–' };

export function presentCheck(report: CheckReport, style: ChalkInstance, format: 'text' | StructuredFormat): string {
  const { release, phase, results } = report;
  const summary = countFindings(results);
  if (format !== 'text') return formatStructured({ release, phase, summary, checks: results }, format);
  const width = Math.max(...results.map(({ id }) => id.length));
  return [
    `Release ${release.name} in namespace ${release.namespace}: ${phase === 'before' ? 'before an install or upgrade' : 'as it is installed'}.\n\n`,
    ...results.map((result) => resultText(result, width, style)),
    `\n${summaryText(results)}\n`,
  ].join('');
}

function resultText({ id, title, status, findings }: CheckResult, width: number, style: ChalkInstance): string {
  const mark = colourOf(status, style)(MARKS[status]);
  const skipped = status === 'skipped' ? ' (skipped)' : '';
  // From the margin, so that it can be copied.
  const manifests = findings.flatMap(({ manifest }) => (manifest === undefined ? [] : [`\n${printable(manifest)}\n`]));
  const lines = findings.map((finding) => findingText(finding, style));
  return [`${mark} ${style.bold(id.padEnd(width))}  ${title}${skipped}\n`, ...lines, ...manifests].join('');
}

/** What was seen with the hint below it. */
function findingText(finding: Finding, style: ChalkInstance): string {
  const { severity, hint } = finding;
  const label = severityColour(severity, style)(`${severity}:`);
  const seen = printable(describeFinding(finding)).replaceAll('\n', '\n      ');
  return `    ${label} ${seen}\n      ${style.bold('Hint:')} ${oneLine(hint)}\n`;
}

function summaryText(results: readonly CheckResult[]): string {
  const { errors, warnings } = countFindings(results);
  const made = results.filter(({ status }) => status !== 'skipped').length;
  const checks = `${made} ${made === 1 ? 'check' : 'checks'}`;
  if (errors + warnings === 0) return `${checks}: nothing is wrong.`;
  return `${checks}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
}

function countFindings(results: readonly CheckResult[]): { errors: number; warnings: number } {
  const all = results.flatMap(({ findings }) => findings);
  const number = (wanted: Severity): number => all.filter(({ severity }) => severity === wanted).length;
  return { errors: number('error'), warnings: number('warning') };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function colourOf(status: CheckStatus, style: ChalkInstance): ChalkInstance {
  return { passed: style.green, warning: style.yellow, failed: style.red, skipped: style.dim }[status];
}

function severityColour(severity: Severity, style: ChalkInstance): ChalkInstance {
  return { error: style.red, warning: style.yellow, info: style.cyan }[severity];
}
