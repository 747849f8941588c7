// A server that was restored from a backup: what a browser remembers of the time after it never happened.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stage } from '../harness/stage';

const play = stage();

test('after a restore nothing is shown that the server does not know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'laserchat-backup-'));
  const backup = join(folder, 'backup');
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Past', ben);
  const app = await play.app(ada);
  await app.open('Past');
  await ben.send(group, 'before the backup');
  await app.shows(app.message('before the backup'));
  await play.server.backup(backup);
  await ben.send(group, 'after the backup');
  await app.shows(app.message('after the backup'));

  await play.server.restore(backup);
  await app.hides(app.message('after the backup'));
  await app.shows(app.message('before the backup'));
  await app.composer.send('a new life');
  await expect.poll(() => ben.texts(group)).toEqual(['before the backup', 'a new life']);
  await app.page.reload();
  await app.shows(app.message('a new life'));
  expect(await app.texts()).toEqual(['before the backup', 'a new life']);
  await rm(folder, { recursive: true });
});
