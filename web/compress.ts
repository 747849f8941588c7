// Compresses what was built, beside the originals, so that the server hands out each file in the form that a browser
// reads, without compressing anything itself. It is done here because Node has the same compressors at hand that
// would take a Rust build minutes.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Pictures and fonts are compressed as they are. */
const TEXTS = /\.(?:css|html|js|json|svg|txt|wasm|webmanifest)$/;

/** Below this the headers are most of what is sent. */
const LEAST = 512;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

async function compressFile(path: string): Promise<void> {
  const original = await readFile(path);
  const forms = {
    br: await brotli(original, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: original.length } }),
    gz: await zip(original, { level: 9 }),
  };
  for (const [suffix, form] of Object.entries(forms)) {
    if (form.length < original.length * 0.95) await writeFile(`${path}.${suffix}`, form);
  }
}

/** To stand last in the list, after whatever else writes files. */
export function compress(): Plugin {
  let folder = 'dist';
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const names = await readdir(folder, { recursive: true });
        for (const name of names.filter((each) => TEXTS.test(each))) {
          const path = join(folder, name);
          if ((await stat(path)).size >= LEAST) await compressFile(path);
        }
      },
    },
  };
}
