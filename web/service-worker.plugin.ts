// Builds `src/sw/worker.ts` into `/sw.js`, a single file that knows the names of all files of the build.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

/** Not kept for later: the worker itself, and what browsers fetch by themselves when they install the app. */
const left = /^(sw\.js|manifest\.webmanifest|apple-touch-icon\.png|icon-maskable.*|.*\.map)$/;

export function serviceWorker(): Plugin {
  let publicDir = '';
  return {
    name: 'laserchat-service-worker',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    async generateBundle(_, bundle) {
      const content = createHash('sha256');
      const add = (name: string, source: string | Uint8Array) => content.update(name).update(source);
      const still = readdirSync(publicDir).filter((name) => !left.test(name));
      for (const name of still) add(name, readFileSync(`${publicDir}/${name}`));
      const built = Object.values(bundle).filter(({ fileName }) => !left.test(fileName));
      for (const file of built) add(file.fileName, file.type === 'chunk' ? file.code : file.source);

      const names = [...still, ...built.map(({ fileName }) => fileName)].filter((name) => name !== 'index.html');
      const files = ['/', ...names.map((name) => `/${name}`).toSorted()];
      const version = content.digest('hex').slice(0, 16);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await worker({ version, files }) });
    },
  };
}

async function worker(info: { version: string; files: string[] }): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { BUILD: JSON.stringify(info) },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: fileURLToPath(new URL('./src/sw/worker.ts', import.meta.url)),
        output: { format: 'iife' },
      },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (!chunk) throw new Error('the service worker was not built');
  return chunk.code;
}
