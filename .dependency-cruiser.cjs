/** The arrows of the architecture: dependencies point from the outside to the domain (docs/architecture.md). */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'src-does-not-import-tests',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(test|bench|storms)' },
    },
    only('domain-imports-nothing-outside-itself', '^src/domain', '^src/domain'),
    only('ports-import-the-domain-only', '^src/ports', '^src/(ports|domain)'),
    {
      name: 'workflows-import-domain-and-temporal-workflow',
      severity: 'error',
      from: { path: '^src/workflows' },
      to: { pathNot: ['^src/(workflows|domain|activities)', '^node_modules/@temporalio/(workflow|common)'] },
    },
    {
      name: 'workflows-import-activities-by-type-only',
      severity: 'error',
      from: { path: '^src/workflows' },
      to: { path: '^src/activities', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
