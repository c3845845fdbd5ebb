// Builds dist/: the program as a split ESM bundle (a command loads what it needs when it runs), and the built-in Kthena bundle as JSON.
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { importTypeScript } from './import-typescript.mjs';
import { thirdPartyLicenses } from './licenses.mjs';
import { stubClientNodeModels } from './stub-client-node-models.mjs';
import { buildValidator } from './validator.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageJson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

async function buildProgram(dist) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    // Dependencies in CommonJS still call require() for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
    // Its entry for Node is in CommonJS, of which a split bundle would see the default export only.
    alias: { '@peculiar/x509': join(root, 'node_modules/@peculiar/x509/build/x509.es.js') },
    plugins: [stubClientNodeModels()],
    define: { KTHENA_VERSION: JSON.stringify(packageJson.version) },
  });
  await writeFile(join(dist, 'THIRD_PARTY_LICENSES'), await thirdPartyLicenses(metafile, root));
}

async function buildBundle(folder) {
  const [{ parseBundle }, { readSourceFolder }] = await Promise.all(
    ['parse.ts', 'folder.ts'].map((name) => importTypeScript(join(root, 'src/bundle', name))),
  );
  const files = new Map([...(await readSourceFolder(root))].map(([path, data]) => [path, data.toString('utf8')]));
  const { crds, ...bundle } = parseBundle(files);
  await mkdir(folder, { recursive: true });
  const write = (name, value) => writeFile(join(folder, name), JSON.stringify(value));
  await write('bundle.json', bundle);
  await write('crds.json', crds);
  await write('crd-texts.json', Object.fromEntries(crds.map(({ path }) => [path, files.get(path)])));
  const schemas = ['kubernetes-1.34.json', 'cert-manager.json'].map((name) =>
    readFile(join(root, 'schemas', name), 'utf8'),
  );
  await write(
    'schemas.json',
    (await Promise.all(schemas)).map((text) => JSON.parse(text)),
  );
  await buildValidator(join(root, 'manifests/values.schema.json'), join(folder, 'validate-values.mjs'));
}

// Built beside and put in place whole: a build that fails leaves the last one.
const dist = join(root, 'dist');
const fresh = join(root, `dist-${process.pid}`);
try {
  await buildProgram(fresh);
  await buildBundle(join(fresh, 'bundle'));
  await cp(join(root, 'src/cli/completion/shells'), join(fresh, 'completion'), { recursive: true });
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
} finally {
  await rm(fresh, { recursive: true, force: true });
}
