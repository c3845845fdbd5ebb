import type { CheckResult } from '../preflight/run.js';
import { maskDeep } from './mask.js';
import { yamlFile, type ReportFile } from './report-file.js';

/** What the checks found, with their hints. */
export function checkFiles(results: readonly CheckResult[]): ReportFile[] {
  return [yamlFile('checks.yaml', maskDeep(results))];
}
