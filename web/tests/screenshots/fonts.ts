// The pictures are made with the same letters on every machine: Inter, Noto for the scripts that it does not have, and
// emoji in colour. They come from Debian's packages; what is missing is replaced by what there is.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefer = (generic: string, fonts: readonly string[]) =>
  `<alias binding="strong"><family>${generic}</family><prefer>${fonts.map((font) => `<family>${font}</family>`).join('')}</prefer></alias>`;

export async function fonts(): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'laserchat-fonts-'));
  const file = join(folder, 'fonts.conf');
  const sans = ['Inter', 'Noto Sans Arabic', 'Noto Sans', 'Noto Color Emoji'];
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}</cachedir>
  ${prefer('sans-serif', sans)}
  ${prefer('system-ui', sans)}
  ${prefer('monospace', ['DejaVu Sans Mono'])}
  ${prefer('ui-monospace', ['DejaVu Sans Mono'])}
</fontconfig>
`,
  );
  return { ...process.env, FONTCONFIG_FILE: file };
}
