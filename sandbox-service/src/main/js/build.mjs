// Bundles shell.js and all that it imports into one script, and the licences of what may be in it beside it.
// usage: node build.mjs OUTPUT-FOLDER
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];

/**
 * Changes to just-bash. Each must fit exactly one place of the pinned version, or the build fails. Each interpreter is
 * conducted by shell.js, which carries a call's state to the next call; and what is said of a program that is not there
 * comes from shell.js too.
 */
const CHANGES = [
  [/new (\w+)\((\w+),(\w+)\)\.executeScript\((\w+)\)/g, 'this.conduct(new $1($2,$3),$4)'],
  [/`bash: \$\{(\w+)\}: command not available in browser environments[^`]*`/g, 'globalThis.handloomAbsent($1)'],
  [/`bash: \$\{(\w+)\}: command not found\n`/g, 'globalThis.handloomAbsent($1)'],
];

const changedJustBash = {
  name: 'changed-just-bash',
  setup(bundle) {
    bundle.onLoad({filter: /just-bash[\\/]dist[\\/]bundle[\\/]browser\.js$/}, ({path}) => {
      let text = readFileSync(path, 'utf8');
      for (const [place, replacement] of CHANGES) {
        const found = text.match(place)?.length ?? 0;
        if (found !== 1) throw new Error(`${place} fits ${found} places of ${path}, not one`);
        text = text.replace(place, replacement);
      }
      return {contents: text};
    });
  },
};

/** just-bash and all that it asks for: its own bundle contains some of them, and does not say which. */
function packagesBelow(name, found = new Map()) {
  const folder = join(here, 'node_modules', name);
  const {version, license, dependencies = {}} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!found.has(name)) {
    found.set(name, {version, license, folder});
    Object.keys(dependencies).forEach((dependency) => packagesBelow(dependency, found));
  }
  return found;
}

const licences = [...packagesBelow('just-bash')].map(([name, {version, license, folder}]) => {
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  return [`${name} ${version}: ${license}`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
});
mkdirSync(out, {recursive: true});
writeFileSync(join(out, 'THIRD-PARTY.txt'), `shell.js contains just-bash, changed in ${CHANGES.length} places by Handloom's build
(sandbox-service/src/main/js/build.mjs says which and why), and may contain parts of what just-bash depends on.

${licences.join(`\n\n${'-'.repeat(100)}\n\n`)}\n`);

await build({
  entryPoints: [join(here, 'shell.js')],
  outfile: join(out, 'shell.js'),
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  alias: {'node:zlib': join(here, 'absent.js'), turndown: join(here, 'absent.js')},
  plugins: [changedJustBash],
});
