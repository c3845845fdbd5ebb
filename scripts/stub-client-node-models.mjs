/**
 * What `KubeConfig` of @kubernetes/client-node imports, but only needs for calls this tool makes otherwise:
 * the generated API with the models of every kind, an HTTP client, a YAML parser and proxy agents. They would add
 * 800 KB to the bundle and half as much again to the time a command with a cluster takes to load.
 */
const UNUSED = {
  './gen/index.js': 'export const createConfiguration = unused; export const ServerConfiguration = unused;',
  'node-fetch': 'export const Headers = unused;',
  'js-yaml': 'export default { load: unused };',
  hpagent: 'export const HttpProxyAgent = unused; export const HttpsProxyAgent = unused;',
  'socks-proxy-agent': 'export const SocksProxyAgent = unused;',
};

/** @returns {import('esbuild').Plugin} Replaces these modules by ones that throw when used, in client-node's own imports only. */
export function stubClientNodeModels() {
  return {
    name: 'stub-client-node-models',
    setup(build) {
      build.onResolve({ filter: /^(\.\/gen\/index\.js|node-fetch|js-yaml|hpagent|socks-proxy-agent)$/ }, (args) =>
        /@kubernetes[\\/]client-node[\\/]dist[\\/][^\\/]+$/.test(args.importer)
          ? { path: args.path, namespace: 'unused-by-kthena' }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'unused-by-kthena' }, ({ path }) => ({
        contents: `function unused() { throw new Error('left out of the bundle: ${path}'); }\n${UNUSED[path]}`,
      }));
    },
  };
}
