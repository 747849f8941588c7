// The text of an editor: the draft of its place, or that of the message that is edited, which is no draft.

import { useState, type RefObject } from 'react';
import type { Composing } from '@/lib/composing';
import { useDraftText } from './useDraftText';

export function useEditorText(key: string, composing: Composing | null, area: RefObject<HTMLTextAreaElement | null>) {
  const draft = useDraftText(key, area);
  const edited = useState(composing?.mode === 'edit' ? composing.message.body : '');
  return composing?.mode === 'edit' ? edited : draft;
}
