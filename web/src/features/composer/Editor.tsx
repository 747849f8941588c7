// The field in which a message is written, and what belongs to it: formatting, completion, emoji, sending.

import { CaseSensitive, Check, ChevronDown, Mic, Plus, SendHorizontal, Smile } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { composerKey, setComposing, type Composing } from '@/lib/composing';
import { cx } from '@/lib/cx';
import { late } from '@/lib/late';
import { usePrepared } from '@/lib/later';
import { useText } from '@/lib/text';
import { actions, useUploads, useUser } from '@/sync';
import { IconButton } from '@/ui';
import { EmojiButton } from '@/ui/emoji';
import { LateMenu } from '@/ui/LateMenu';
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
import { useDroppedFiles } from './files/useDropped';
import { useTaking } from './useFiles';
import { usePaste } from './usePaste';
import { useTypingSignal } from './useTyping';

const InsertMenu = late(() => import('./InsertMenu'));
const SendMenu = late(() => import('./SendMenu'));
const loadAbove = () => import('./Above');
const Above = late(loadAbove);
const loadFormatBar = () => import('./FormatBar');
const FormatBar = lazy(loadFormatBar);
const loadSuggestions = () => import('./Suggestions');
const Suggestions = lazy(loadSuggestions);

const NO_FILES: readonly never[] = [];

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
  const box = useRef<HTMLDivElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [recording, setRecording] = useState(false);
  const above = usePrepared(loadAbove);
  const bar = usePrepared(loadFormatBar);
  usePrepared(loadSuggestions);
  const [text, setText] = useEditorText(key, composing, area);
  const [formats, setFormats] = useState(false);
  const tellTyping = useTypingSignal(conversationId);
  const completion = useCompletion(area);
  const sender = useUser(composing?.message.sender_id ?? me)?.display_name ?? t('common.unknownUser');
  const editing = composing?.mode === 'edit';
  const waiting = useUploads(key);
  // What is edited is the text; files stay as they were sent.
  const files = editing ? NO_FILES : waiting;
  const body = bodyOf(text, composing, sender);
  const isSound = files.every(({ status }) => status !== 'failed');
  const ready = (body !== '' || files.length > 0) && isSound && fits(body) && wait === 0;
  const { take, hold, taking } = useTaking(key, waiting.length);
  const hurried = useRef(false);
  const over = useDroppedFiles(box, editing ? null : take);

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
    hurried.current = taking;
    if (!ready || taking) return;
    tellTyping(false);
    if (editing) {
      saveEdit(key, composing, body);
      return;
    }
    const given = { conversationId, body, parentId: parentId ?? undefined };
    const send = () => actions.send(conversationId, body, given.parentId, files);
    // What cannot be looked up as a command, without a connection, is sent as it is.
    if (body.startsWith('/') && files.length === 0) {
      void import('./slash').then((slash) => slash.carryOut(given, () => setText(body)), send);
    } else send();
    sent();
  };

  const sent = () => {
    setText('');
    leave();
    onSent();
  };

  // Whoever pressed Enter while files were still looked at meant them as well.
  useEffect(() => {
    if (taking || !hurried.current) return;
    hurried.current = false;
    submit();
  });

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
  const onPaste = usePaste(editing, { take, hold });

  return (
    <>
      {composing && <Banner composing={composing} onLeave={leave} />}
      <div ref={box} className={styles.box} data-composer data-recording={recording || undefined}>
        <div className={styles.files}>
          <Suspense fallback={null}>
            {(above || over || recording || files.length > 0) && (
              <Above
                conversationId={conversationId}
                parentId={parentId ?? undefined}
                files={files}
                recording={recording}
                onRecorded={() => {
                  setRecording(false);
                  area.current?.focus();
                }}
                over={over}
              />
            )}
          </Suspense>
        </div>
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
          {!editing && (
            <LateMenu
              label={t('composer.insert')}
              className={styles.insert}
              renderMenu={(open) => (
                <InsertMenu
                  {...open}
                  conversationId={conversationId}
                  parentId={parentId}
                  onFiles={() => chooser.current?.click()}
                />
              )}
            >
              <Plus size={20} />
            </LateMenu>
          )}
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            onChange={({ target }) => {
              take([...(target.files ?? [])]);
              // The same file may be chosen again.
              target.value = '';
            }}
          />
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
          {bar || formats ? <FormatBar shown={formats} onFormat={format} /> : <div className={styles.formats} />}
        </Suspense>
        <div className={styles.end}>
          <Counter text={body} />
          {wait > 0 && <span className={styles.wait}>{t('composer.wait', { count: wait })}</span>}
          {!editing && body === '' && files.length === 0 && wait === 0 && (
            <IconButton small label={t('composer.record')} onClick={() => setRecording(true)}>
              <Mic size={18} />
            </IconButton>
          )}
          {!editing && body !== '' && (
            <LateMenu
              label={t('composer.sendLater')}
              className={styles.later}
              renderMenu={(open) => (
                <SendMenu
                  {...open}
                  message={
                    ready && files.length === 0
                      ? { conversation_id: conversationId, parent_id: parentId ?? null, body }
                      : null
                  }
                  onDone={sent}
                />
              )}
            >
              <ChevronDown size={16} />
            </LateMenu>
          )}
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
