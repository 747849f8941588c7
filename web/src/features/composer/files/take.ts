// Takes chosen, pasted or dropped files into a composer, and says which cannot be sent.

import { bytes } from '@/lib/bytes';
import { restOfText, t } from '@/lib/text';
import { actions, api, type Picked } from '@/sync';
import { complain, toast } from '@/ui';
import { FILES_PER_MESSAGE } from './limits';
import { measure } from './measure';
import { fitting, type Objection, type Room } from './room';

/** Takes them; `there` is how many wait in the composer already. */
export async function take(key: string, files: readonly File[], there: number): Promise<void> {
  try {
    const [room, desk] = await Promise.all([roomNow(), actions.files(), restOfText()]);
    const { taken, objections } = fitting(files, there, room);
    for (const objection of objections) toast(wordsOf(objection, room), { kind: 'problem' });
    if (taken.length === 0) return;
    const measured = await Promise.all(taken.map(picked));
    await desk.attach(key, measured);
  } catch (problem) {
    complain(problem);
  }
}

async function picked(blob: File): Promise<Picked> {
  return { blob, name: nameOf(blob), voice: false, ...(await measure(blob)) };
}

/** What was recorded goes out as a message of its own; what stands in the composer stays there. */
export async function sendVoice(voice: Picked, conversationId: string, parentId: string | undefined): Promise<void> {
  const desk = await actions.files();
  const uploads = await desk.attach(`voice-${crypto.randomUUID()}`, [voice]);
  actions.send(conversationId, '', parentId, uploads);
}

/** What is not known is left to the server, and so it is offline. */
async function roomNow(): Promise<Room> {
  const [server, usage] = await Promise.all([
    api.get<{ limits?: { file_bytes?: number } }>('/server').catch(() => null),
    api.get<{ used: number; quota: number | null }>('/me/usage').catch(() => null),
  ]);
  return {
    file: server?.limits?.file_bytes ?? null,
    left: usage === null || usage.quota === null ? null : Math.max(0, usage.quota - usage.used),
  };
}

function wordsOf(objection: Objection, room: Room): string {
  switch (objection.why) {
    case 'many':
      return t('file.tooMany', { count: FILES_PER_MESSAGE });
    case 'quota':
      return t('file.noRoom', { left: bytes(room.left ?? 0) });
    default:
      return t('file.tooLarge', { names: objection.names.join(', '), most: bytes(room.file ?? 0) });
  }
}

/** What is pasted has the same name each time. */
function nameOf(file: File): string {
  if (file.name !== '') return file.name;
  const [kind = 'file', form = 'bin'] = file.type.split('/');
  return `${kind}.${form.replace(/\W.*$/u, '')}`;
}
