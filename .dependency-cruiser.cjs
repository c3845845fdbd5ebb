// The way the data goes: values → bundle → render → plan → apply → wait → record. A step imports earlier steps, never a later one.
const FOUNDATION = '^src/(errors|events|duration|version|kube/)';

function only(name, from, allowed) {
  return {
    name,
    severity: 'error',
    from: { path: `^src/${from}/` },
    to: { path: '^src/', pathNot: [FOUNDATION, `^src/${from}/`, ...allowed.map((folder) => `^src/${folder}/`)] },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    {
      name: 'kube-is-the-bottom',
      severity: 'error',
      from: { path: '^src/kube/' },
      to: { path: '^src/', pathNot: FOUNDATION },
    },
    only('values-come-first', 'values', []),
    only('bundle', 'bundle', ['values']),
    only('render', 'render', ['bundle', 'values']),
    only('lint', 'lint', []),
    only('release', 'release', []),
    only('lock', 'lock', []),
    only('certs', 'certs', ['plan', 'release']),
    only('plan', 'plan', ['render', 'release']),
    only('backup', 'backup', []),
    only('crds', 'crds', ['plan', 'apply', 'wait', 'release']),
    only('apply', 'apply', ['plan']),
    only('wait', 'wait', []),
    only('preflight', 'preflight', ['values', 'render', 'bundle', 'plan', 'crds', 'wait', 'release', 'lint', 'certs']),
    only('actions-do-not-print', 'actions', [
      'values',
      'bundle',
      'render',
      'plan',
      'preflight',
      'crds',
      'apply',
      'wait',
      'release',
      'lock',
      'lint',
      'backup',
      'certs',
    ]),
    only('report-does-nothing', 'report', [
      'values',
      'bundle',
      'render',
      'plan',
      'crds',
      'apply',
      'wait',
      'release',
      'lint',
      'backup',
      'certs',
      'preflight',
      'actions',
    ]),
    {
      name: 'only-kube-knows-client-node',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kube/' },
      to: { path: 'node_modules/@kubernetes' },
    },
    {
      name: 'only-report-colours',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(report|cli/terminal)' },
      to: { path: 'node_modules/(chalk|ora)' },
    },
    {
      name: 'program-does-not-import-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'a-command-loads-its-action-when-it-runs',
      comment: 'so that --help and template do not pay for the cluster code',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: {
        path: '^src/(actions|kube|wait|release|lock|plan|apply|preflight)/',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
