// The field in which a message is written, and what belongs to it: formatting, completion, emoji, sending.

import { CaseSensitive, Check, SendHorizontal, Smile } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { composerKey, setComposing, type Composing } from '@/lib/composing';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { actions, useUser } from '@/sync';
import { IconButton } from '@/ui';
import { EmojiButton } from '@/ui/emoji';
import { Banner } from './Banner';
import type { ComposerProps } from './Composer';
import styles from './Composer.module.css';
import { Counter } from './Counter';
import { apply, insert, selectionOf } from './edit';
import { formatted, type Format } from './formats';
import { Hints } from './Hints';
import { bodyOf, fits, saveEdit } from './submit';
import { isTouch, useKeys } from './useKeys';
import { useCompletion } from './useCompletion';
import { useEditorText } from './useEditorText';
import { useDroppedFiles } from './useFiles';
import { usePaste } from './usePaste';
import { useTypingSignal } from './useTyping';

const FormatBar = lazy(() => import('./FormatBar'));
const loadSuggestions = () => import('./Suggestions');
const Suggestions = lazy(loadSuggestions);

interface EditorProps extends Omit<ComposerProps, 'disabledReason'> {
  /** The id of who writes. */
  me: string;
  composing: Composing | null;
  /** Seconds until the next message may be sent. */
  wait: number;
  onSent: () => void;
}

export function Editor({ conversationId, parentId, label, placeholder, onEditLast, autoFocus, ...rest }: EditorProps) {
  const { me, composing, wait, onSent } = rest;
  const t = useText();
  const key = composerKey(conversationId, parentId);
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useEditorText(key, composing);
  const [formats, setFormats] = useState(false);
  const tellTyping = useTypingSignal(conversationId);
  const completion = useCompletion(area);
  const sender = useUser(composing?.message.sender_id ?? me)?.display_name ?? t('common.unknownUser');
  const editing = composing?.mode === 'edit';
  const body = bodyOf(text, composing, sender);
  const ready = body !== '' && fits(body) && wait === 0;
  useDroppedFiles();

  // Whoever chose to edit or answer goes on typing; otherwise only where typing does not raise a keyboard over the page.
  const busy = composing !== null;
  useEffect(() => {
    const tv = document.documentElement.dataset.layout === 'tv';
    if (!busy && (!autoFocus || isTouch() || tv)) return;
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [busy, autoFocus]);

  const leave = () => setComposing(key, null);

  const submit = () => {
    area.current?.focus();
    if (!ready) return;
    tellTyping(false);
    if (editing) {
      saveEdit(key, composing, body);
      return;
    }
    actions.send(conversationId, body, parentId ?? undefined);
    setText('');
    leave();
    onSent();
  };

  const format = (chosen: Format) => {
    if (area.current) apply(area.current, formatted(selectionOf(area.current), chosen));
  };

  const onKeyDown = useKeys({
    popup: completion.popup,
    onSubmit: submit,
    onFormat: format,
    ...(composing && { onLeave: leave }),
    ...(onEditLast && !composing && { onEditLast }),
  });
  const onPaste = usePaste();

  return (
    <>
      {composing && <Banner composing={composing} onLeave={leave} />}
      <div className={styles.box}>
        {completion.trigger && (
          <Suspense fallback={null}>
            <Suggestions
              conversationId={conversationId}
              trigger={completion.trigger}
              handle={completion.popup}
              onPick={completion.pick}
              onDismiss={completion.dismiss}
              onState={completion.setList}
            />
          </Suspense>
        )}
        <div className={styles.field}>
          <div className={styles.stack} dir={text ? 'auto' : undefined}>
            <Hints text={text} />
            <textarea
              ref={area}
              className={styles.area}
              dir={text ? 'auto' : undefined}
              rows={1}
              value={text}
              aria-label={label}
              placeholder={placeholder ?? label}
              aria-autocomplete="list"
              aria-controls={completion.list?.list}
              aria-activedescendant={completion.list?.active}
              enterKeyHint={isTouch() ? 'enter' : 'send'}
              onChange={(event) => {
                setText(event.target.value);
                completion.look();
                tellTyping(!editing && event.target.value.trim() !== '');
              }}
              onSelect={completion.look}
              // The list is there by the time that a name is begun; without a connection it is tried again then.
              onFocus={() => void loadSuggestions().catch(() => undefined)}
              onBlur={() => {
                completion.hide();
                tellTyping(false);
              }}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
          </div>
        </div>
        <div className={styles.tools}>
          <EmojiButton
            align="start"
            finalFocus={area}
            onPick={(emoji) => area.current && apply(area.current, insert(selectionOf(area.current), emoji))}
            trigger={
              <IconButton small label={t('composer.emoji')}>
                <Smile size={18} />
              </IconButton>
            }
          />
          <IconButton
            small
            className={styles.toggle}
            label={t('composer.formatting')}
            aria-expanded={formats}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => setFormats(!formats)}
          >
            <CaseSensitive size={20} />
          </IconButton>
        </div>
        <Suspense fallback={<div className={styles.formats} />}>
          <FormatBar shown={formats} onFormat={format} />
        </Suspense>
        <div className={styles.end}>
          <Counter text={body} />
          {wait > 0 && <span className={styles.wait}>{t('composer.wait', { count: wait })}</span>}
          <button
            type="button"
            className={cx(styles.send, ready && styles.ready)}
            aria-label={t(editing ? 'composer.saveEdit' : 'composer.send')}
            title={t(editing ? 'composer.saveEdit' : 'composer.send')}
            disabled={!ready}
            onPointerDown={(event) => event.preventDefault()}
            onClick={submit}
          >
            {editing ? <Check size={18} /> : <SendHorizontal size={18} className={styles.flip} />}
          </button>
        </div>
      </div>
    </>
  );
}
