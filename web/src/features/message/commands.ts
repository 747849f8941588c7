// What can be done with a message, in the order of the menu. The toolbar, the menu, the sheet of touch screens and the
// keys all take it from here, so that none of them offers what another would refuse.

import { navigate } from 'wouter/use-browser-location';
import { composerKey, setComposing } from '@/lib/composing';
import { openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { may, type Action } from '@/lib/permissions';
import { restOfText, t, type TextKey } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { actions, api } from '@/sync';
import { complain, confirm, toast } from '@/ui';
import type { Scene } from './scene';

export type CommandId =
  'edit' | 'reply' | 'quote' | 'copy' | 'link' | 'pin' | 'forward' | 'follow' | 'save' | 'remind' | 'delete';

export interface Command {
  readonly id: CommandId;
  readonly label: TextKey;
  /** The key that does the same while the message has the focus. */
  readonly keys?: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

export function isOwn(message: Message, scene: Scene): boolean {
  return message.sender_id === scene.me;
}

/** People have voted on what it says. */
function isPoll({ poll }: Message): boolean {
  return Boolean(poll);
}

export function isEditable(message: Message, scene: Scene): boolean {
  return (
    isOwn(message, scene) &&
    message.type === 'text' &&
    !message.deleted_at &&
    !isPoll(message) &&
    allowed(scene, 'editOwn')
  );
}

export function isReactable(message: Message, scene: Scene): boolean {
  return message.type === 'text' && !message.deleted_at && allowed(scene, 'react');
}

/** Its author, and those who moderate. */
export function isClosable(message: Message, scene: Scene): boolean {
  return isOwn(message, scene) || allowed(scene, 'closePoll');
}

export function isVotable(message: Message, scene: Scene): boolean {
  return !message.deleted_at && allowed(scene, 'vote');
}

function allowed(scene: Scene, action: Action): boolean {
  return scene.role !== null && !scene.archived && may(scene.role, action, scene.kind);
}

export function commandsFor(message: Message, scene: Scene): readonly Command[] {
  if (message.type !== 'text') return [];
  // Of a deleted message the thread is left, if there is one.
  if (message.deleted_at) return message.reply_count > 0 && scene.parentId === null ? [reply(message)] : [];
  const writable = allowed(scene, 'send');
  const removable = allowed(scene, isOwn(message, scene) ? 'deleteOwn' : 'deleteOthers');
  const found: (Command | false)[] = [
    scene.parentId === null && (writable || message.reply_count > 0) && reply(message),
    writable && { id: 'quote', label: 'message.quote', keys: 'Q', run: () => quote(message, scene) },
    isEditable(message, scene) && { id: 'edit', label: 'message.edit', keys: 'E', run: () => edit(message) },
    scene.role !== null && {
      id: 'forward',
      label: 'message.forward',
      run: () => openOverlay({ kind: 'forward', message }),
    },
    allowed(scene, 'pin') && !message.parent_id && pin(message),
    scene.role !== null && !message.parent_id && message.reply_count > 0 && follow(message),
    { id: 'save', label: 'message.save', run: () => void save(message) },
    { id: 'remind', label: 'message.remind', run: () => openOverlay({ kind: 'remind', message }) },
    message.body !== '' && { id: 'copy', label: 'message.copyText', run: () => void copy(message.body) },
    { id: 'link', label: 'message.copyLink', run: () => void copy(addressOf(message)) },
    removable && {
      id: 'delete',
      label: 'message.delete',
      keys: 'Del',
      danger: true,
      run: () => void remove(message, scene),
    },
  ];
  return found.filter((command) => command !== false);
}

/** Saving what is saved changes nothing. */
async function save({ id }: Message): Promise<void> {
  try {
    await api.put(`/me/saved/${id}`);
    await restOfText();
    toast(t('saved.done'), { action: { label: t('message.show'), run: () => navigate(paths.later('saved')) } });
  } catch (problem) {
    complain(problem);
  }
}

function reply(message: Message): Command {
  const run = () => navigate(paths.thread(message.conversation_id, message.id));
  return { id: 'reply', label: message.reply_count > 0 ? 'message.openThread' : 'message.reply', keys: 'R', run };
}

function pin(message: Message): Command {
  const on = !message.pinned_at;
  return {
    id: 'pin',
    label: on ? 'message.pin' : 'message.unpin',
    keys: 'P',
    run: () => attempt(actions.pin(message, on)),
  };
}

function follow(message: Message): Command {
  const on = !message.following;
  const label = on ? 'message.follow' : 'message.unfollow';
  return { id: 'follow', label, run: () => attempt(actions.follow(message, on)) };
}

export function quote(message: Message, scene: Scene): void {
  setComposing(composerKey(scene.conversationId, scene.parentId), { mode: 'quote', message });
}

export function edit(message: Message): void {
  setComposing(composerKey(message.conversation_id, message.parent_id), { mode: 'edit', message });
}

async function remove(message: Message, scene: Scene): Promise<void> {
  const own = isOwn(message, scene);
  const yes = await confirm({
    title: t('message.deleteTitle'),
    text: t(own ? 'message.deleteText' : 'message.deleteOthersText'),
    action: t('message.delete'),
    danger: true,
  });
  if (yes) attempt(actions.remove(message));
}

/** The message's address, for other people: it opens the conversation at it. A reply's is that of its thread. */
function addressOf(message: Message): string {
  const { conversation_id, parent_id, seq } = message;
  const path = parent_id ? paths.thread(conversation_id, parent_id) : paths.conversation(conversation_id, seq);
  return new URL(path, location.href).href;
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('common.copied'));
  } catch {
    toast(t('message.notCopied'), { kind: 'problem' });
  }
}

/** Does what is shown at once, and says so if it is refused. */
export function attempt(change: Promise<void>): void {
  change.catch(complain);
}
