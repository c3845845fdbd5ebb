import { Command, InvalidArgumentError, Option } from 'commander';
import { KthenaError } from '../errors.js';
import { nearestName } from '../lint/nearest.js';
import { CHECK_IDS, isCheckId, type CheckId } from '../preflight/ids.js';
import { goDurationSeconds } from '../values/duration.js';
import type { Terminal } from './terminal.js';

export const DEFAULT_RELEASE = 'kthena';
export const DEFAULT_NAMESPACE = 'kthena-system';
/** As Helm's. */
export const HISTORY_MAX = 10;

export interface BundleFlag {
  bundle?: string;
}

export interface NamespaceFlags {
  namespace: string;
}

export interface ClusterFlags {
  kubeconfig?: string | undefined;
  kubeContext?: string | undefined;
  kubeApiserver?: string | undefined;
  kubeCaFile?: string | undefined;
  kubeToken?: string | undefined;
  kubeAsUser?: string | undefined;
  kubeAsGroup: string[];
  debug: boolean;
}

/** As commander gives them; `valueFlagsOf` turns them into what the values step takes. */
export interface ValuesFlags {
  values: string[];
  set: string[];
  setString: string[];
  setFile: string[];
  setJson: string[];
  setLiteral: string[];
  skipSchemaValidation: boolean;
}

export function addReleaseArgument(command: Command): Command {
  return command
    .argument('[release]', 'name of the release', DEFAULT_RELEASE)
    .option('-n, --namespace <namespace>', 'namespace of the release', DEFAULT_NAMESPACE);
}

export function addValuesFlags(command: Command): Command {
  return addCheckedValuesFlags(command).option(
    '--skip-schema-validation',
    'let unknown keys pass, with a warning',
    false,
  );
}

/** As `addValuesFlags`, where every value must be one that the schema has. */
export function addCheckedValuesFlags(command: Command): Command {
  return command
    .addOption(repeatable('-f, --values <file>', 'values from a YAML file, or from - (standard input)'))
    .addOption(repeatable('--set <key=value,…>', 'set values on the command line'))
    .addOption(repeatable('--set-string <key=value,…>', 'set values that are texts whatever they look like'))
    .addOption(repeatable('--set-file <key=path,…>', 'set values to the contents of files'))
    .addOption(repeatable('--set-json <key=json,…>', 'set values to JSON'))
    .addOption(repeatable('--set-literal <key=value>', 'set one value to the text after =, as it stands'));
}

export function addBundleFlag(command: Command): Command {
  return command.option(
    '--bundle <file>',
    'take this bundle instead of the built-in one: a .tgz, a folder, or - (standard input)',
  );
}

export interface PostRendererFlags {
  postRenderer?: string;
  postRendererArgs: string[];
}

export function addPostRendererFlags(command: Command): Command {
  return command
    .option('--post-renderer <command>', 'program that gets the objects as YAML and prints what to take for them')
    .addOption(repeatable('--post-renderer-args <argument>', 'argument of the post-renderer'));
}

/** @throws KthenaError `usage` for arguments without a post-renderer */
export function postRendererOf({
  postRenderer,
  postRendererArgs: args,
}: PostRendererFlags): import('../render/filter-process.js').FilterCommand | undefined {
  if (postRenderer !== undefined && postRenderer !== '') return { command: postRenderer, args };
  if (postRenderer === undefined && args.length === 0) return undefined;
  throw new KthenaError('usage', '--post-renderer: the name of the program is missing');
}

/** What reading and checking values takes, of a command's flags. */
export function valuesRequestOf(
  { readStdin }: Pick<Terminal, 'readStdin'>,
  flags: ValuesFlags,
): Omit<import('../actions/prepare.js').PrepareRequest, 'release'> {
  return { values: valueFlagsOf(flags), skipSchemaValidation: flags.skipSchemaValidation, readStdin };
}

/** Which values an upgrade begins with, as Helm names them. */
export interface ReuseFlags {
  resetValues: boolean;
  reuseValues: boolean;
  resetThenReuseValues: boolean;
}

export function addReuseFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--reset-then-reuse-values', 'keep your values, on the defaults of this version (the default)')
        .default(false)
        .conflicts(['reuseValues', 'resetValues']),
    )
    .addOption(
      new Option('--reuse-values', 'keep your values and the defaults of the revision before')
        .default(false)
        .conflicts('resetValues'),
    )
    .option('--reset-values', 'forget your values of before: the defaults, and what is set now', false);
}

export function valuesModeOf({
  resetValues,
  reuseValues,
}: ReuseFlags): import('../actions/upgrade-plan.js').ValuesMode {
  if (resetValues) return 'reset';
  return reuseValues ? 'reuse' : 'reset-then-reuse';
}

/** Commander knows an option by its last name; Helm 3 calls it the first, Helm 4 the second. */
export function addRollbackOnFailureFlag(command: Command, description: string): Command {
  return command.option('--atomic, --rollback-on-failure', `${description}; implies --wait`, false);
}

/** How many revisions of a release are kept; 0 for all. */
export function addHistoryMaxFlag(command: Command): Command {
  return command.addOption(
    new Option('--history-max <number>', 'how many revisions to keep, 0 for all').argParser(limit).default(HISTORY_MAX),
  );
}

export interface SkipChecksFlag {
  skipChecks: CheckId[];
}

export function addSkipChecksFlag(command: Command): Command {
  return command.addOption(
    new Option('--skip-checks <id,…>', `checks to leave out, of ${CHECK_IDS.join(', ')} (repeatable)`)
      .default([], 'none')
      .argParser((text: string, before: CheckId[]) => [...before, ...text.split(',').map(checkId)]),
  );
}

function checkId(text: string): CheckId {
  if (isCheckId(text)) return text;
  const nearest = nearestName(text, CHECK_IDS);
  throw new InvalidArgumentError(
    nearest === undefined ? `The checks are ${CHECK_IDS.join(', ')}.` : `Did you mean ${nearest}?`,
  );
}

export function addClusterFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
    .option('--kube-context <context>', 'context of the kubeconfig to use')
    .option('--kube-apiserver <url>', 'address of the API server, in place of that of the kubeconfig')
    .option('--kube-ca-file <file>', 'certificate authority of the API server, in a PEM file')
    .option('--kube-token <token>', 'bearer token to log in with, in place of the login of the kubeconfig')
    .option('--kube-as-user <name>', 'user to impersonate')
    .addOption(repeatable('--kube-as-group <name>', 'group to impersonate'))
    .option('--debug', 'show each request to the API server, and the origin of unexpected errors', false);
}

export function addOutputFlag(command: Command, choices: readonly string[] = ['text', 'json', 'yaml']): Command {
  return command.addOption(
    new Option('-o, --output <format>', 'format of the result').choices([...choices]).default(choices[0]),
  );
}

export function addTimeoutFlag(command: Command): Command {
  return command.addOption(
    new Option('--timeout <duration>', 'how long to wait, such as 90s or 10m')
      .argParser(duration)
      .default(300_000, '5m'),
  );
}

/** A switch that can be turned off with `=false`, as Helm's can; `normalizeArguments` gives the bare flag its value. */
export function switchOption(flag: string, description: string, standard: boolean): Option {
  return new Option(`${flag} [boolean]`, description).argParser(boolean).default(standard);
}

/** `--dry-run` alone means `server`; see `normalizeArguments`. */
export function dryRunOption(description: string, modes: readonly string[]): Option {
  return new Option('--dry-run [mode]', description).choices([...modes]).default('none');
}

export function valueFlagsOf(flags: Omit<ValuesFlags, 'skipSchemaValidation'>): import('../values/read.js').ValueFlags {
  const { values: files, set, setString, setFile, setJson, setLiteral } = flags;
  return { files, set, setString, setFile, setJson, setLiteral };
}

function repeatable(flag: string, description: string): Option {
  return new Option(flag, `${description} (repeatable)`)
    .default([], 'none')
    .argParser((value: string, all: string[]) => [...all, value]);
}

function duration(text: string): number {
  const seconds = goDurationSeconds(text);
  if (seconds === undefined || seconds <= 0)
    throw new InvalidArgumentError('It must be a duration such as 90s, 5m or 1h30m.');
  return seconds * 1000;
}

/** 0 stands for none. */
function limit(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function boolean(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidArgumentError('It must be true or false.');
}
