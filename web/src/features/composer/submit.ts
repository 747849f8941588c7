// Sends what was written, in the way that fits what it is.

import { setComposing, type Composing } from '@/lib/composing';
import { t } from '@/lib/text';
import { actions } from '@/sync';
import { toast } from '@/ui';
import { plainText, quoteOf } from '@/ui/markdown';
import { MOST, scalars } from './length';

/** What is sent: without the empty lines around it, and with the quote before it. */
export function bodyOf(text: string, composing: Composing | null, sender: string): string {
  const own = text.replace(/^(?:[ \t]*\n)+/u, '').trimEnd();
  if (own === '' || composing?.mode !== 'quote') return own;
  const { conversation_id, seq, body } = composing.message;
  return quoteOf(conversation_id, seq, sender, plainText(body, 200)) + own;
}

export function fits(body: string): boolean {
  return body.length <= MOST || scalars(body) <= MOST;
}

/** Shows the edited message at once; a refusal gives the text back. */
export function saveEdit(key: string, composing: Composing, body: string): void {
  setComposing(key, null);
  if (body === composing.message.body) return;
  actions.edit(composing.message, body).catch(() => {
    toast(t('composer.editFailed'), { kind: 'problem' });
    setComposing(key, { mode: 'edit', message: { ...composing.message, body } });
  });
}
