import type { BugReport } from '../actions/bug-report.js';
import { formatStructured, type StructuredFormat } from './structured.js';

/** As text only the path, for scripts that hand the file on. */
export function presentBugReport(report: BugReport, format: 'text' | StructuredFormat): string {
  return format === 'text' ? `${report.path}\n` : formatStructured(report, format);
}
