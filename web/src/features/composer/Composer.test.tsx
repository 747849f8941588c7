// The composer as its user's hands know it. The state behind it is a small stand-in.

import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useSyncExternalStore } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { setComposing } from '@/lib/composing';
import { setPreferences } from '@/lib/preferences';
import { setLanguage } from '@/lib/text';
import type { Conversation, Member, Membership, Message, UserSummary } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';
import { loadEmojiNames } from '@/ui/emoji';
import { Composer, type ComposerProps } from './Composer';

const state = vi.hoisted(() => ({
  drafts: new Map<string, string>(),
  listeners: new Set<() => void>(),
  actions: {
    send: vi.fn<(id: string, body: string, parent?: string, files?: unknown) => string>(() => 'client'),
    edit: vi.fn<(message: unknown, body: string) => Promise<void>>(() => Promise.resolve()),
    typing: vi.fn<(id: string, on: boolean) => void>(),
    setDraft: (key: string, text: string) => {
      state.drafts.set(key, text);
      state.listeners.forEach((listener) => listener());
    },
  },
  entry: null as unknown,
  users: [] as unknown[],
  uploads: [] as unknown[],
  members: { members: [] as unknown[], complete: true },
}));

// The first moments are over.
vi.mock('@/lib/later', () => ({ usePrepared: (load: () => Promise<unknown>) => (void load(), true) }));

vi.mock('@/sync', () => ({
  actions: state.actions,
  useAccount: () => ({ user: { id: '1' } }),
  useContacts: () => [],
  useUploads: () => state.uploads,
  useConversation: () => state.entry,
  useConversations: () => [state.entry],
  useMembers: () => state.members,
  useUser: () => ({ id: '2', display_name: 'Bob' }),
  useDraft: (key: string) =>
    useSyncExternalStore(
      (listener) => {
        state.listeners.add(listener);
        return () => state.listeners.delete(listener);
      },
      () => state.drafts.get(key) ?? '',
    ),
}));

const conversation: Conversation = {
  archived_at: null,
  avatar: null,
  changed: 1,
  created_at: '2026-01-01T00:00:00Z',
  created_by: '1',
  id: '9',
  member_count: 2,
  name: 'general',
  public: true,
  read_only: false,
  slow_mode_seconds: 0,
  expire_seconds: null,
  topic: null,
  type: 'channel',
};
const membership: Membership = {
  conversation_id: '9',
  delivered: 0,
  favourite: false,
  joined_at: '2026-01-01T00:00:00Z',
  mentions: 0,
  muted_until: null,
  notifications_muted_until: null,
  notify: 'default',
  read: 0,
  role: 'member',
  state: 'joined',
  unread: 0,
  version: 1,
};
const message = {
  id: '5',
  body: 'old **text**',
  sender_id: '1',
  conversation_id: '9',
  seq: 5,
  // The rest of a message is of no concern to the composer.
} as Message;

function person(id: string, username: string, display_name: string): Pick<Member, 'state'> & { user: UserSummary } {
  return { state: 'joined', user: { id, username, display_name, avatar: null } };
}

function entry(changes: Partial<Conversation> = {}, own: Partial<Membership> = {}): ConversationEntry {
  return {
    conversation: { ...conversation, ...changes },
    membership: { ...membership, ...own },
    peer: null,
    lastMessage: null,
    unread: 0,
    mentions: 0,
  };
}

function compose(props: Partial<ComposerProps> = {}) {
  const user = userEvent.setup();
  const view = render(<Composer conversationId="9" label="Message to #general" {...props} />);
  return { user, view };
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message to #general' });

beforeAll(async () => {
  await setLanguage('en');
  await loadEmojiNames();
});
beforeEach(() => {
  state.entry = entry();
  state.members = {
    members: [person('1', 'me', 'Me'), person('2', 'bob', 'Bob'), person('3', 'bea', 'Bea')],
    complete: true,
  };
});
afterEach(() => {
  cleanup();
  setComposing('9', null);
  state.drafts.clear();
  state.uploads = [];
  vi.clearAllMocks();
  setPreferences({ enterSends: true });
});

describe('sending', () => {
  test('Enter sends, and the field and its draft are empty', async () => {
    const { user } = compose();
    await user.type(field(), 'hello{Enter}');
    expect(state.actions.send).toHaveBeenCalledExactlyOnceWith('9', 'hello', undefined, []);
    expect(field().value).toBe('');
    expect(state.drafts.get('9')).toBe('');
    expect(document.activeElement).toBe(field());
  });

  test('Shift+Enter is a new line, and a list goes on', async () => {
    const { user } = compose();
    await user.type(field(), '- a{Shift>}{Enter}{/Shift}');
    expect(field().value).toBe('- a\n- ');
    expect(state.actions.send).not.toHaveBeenCalled();
  });

  test('Enter is a new line where that was chosen, and Ctrl+Enter sends', async () => {
    setPreferences({ enterSends: false });
    const { user } = compose({ parentId: '7' });
    await user.type(field(), 'a{Enter}b{Control>}{Enter}{/Control}');
    expect(state.actions.send).toHaveBeenCalledExactlyOnceWith('9', 'a\nb', '7', []);
  });

  test('Enter is a new line in a block of code', async () => {
    const { user } = compose();
    await user.type(field(), '```{Shift>}{Enter}{/Shift}a{Enter}b');
    expect(field().value).toBe('```\na\nb');
    expect(state.actions.send).not.toHaveBeenCalled();
  });

  test('Enter that ends a word of an input method sends nothing', () => {
    compose();
    fireEvent.change(field(), { target: { value: 'かな' } });
    fireEvent.keyDown(field(), { key: 'Enter', isComposing: true });
    fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 });
    expect(state.actions.send).not.toHaveBeenCalled();
  });

  test('nothing is not sent', async () => {
    const { user } = compose();
    await user.type(field(), '   {Enter}');
    expect(state.actions.send).not.toHaveBeenCalled();
  });

  test('what is too long is kept and not sent', async () => {
    const { user } = compose();
    fireEvent.change(field(), { target: { value: 'a'.repeat(100_002) } });
    await user.type(field(), '{Enter}');
    expect(state.actions.send).not.toHaveBeenCalled();
    expect(field().value).toHaveLength(100_002);
    expect(screen.getByRole('alert').textContent).toContain('2 characters too many');
  });

  test('emoji count as the server counts them', async () => {
    const { user } = compose();
    fireEvent.change(field(), { target: { value: '😀'.repeat(100_000) } });
    expect(screen.getByText('0 characters left')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(state.actions.send).toHaveBeenCalledTimes(1);
  });
});

describe('drafts', () => {
  test('come back, each at its place', async () => {
    state.drafts.set('9', 'half a');
    const { user, view } = compose();
    expect(field().value).toBe('half a');
    await user.type(field(), ' thought');
    view.unmount();
    expect(state.drafts.get('9')).toBe('half a thought');
    compose({ parentId: '7' });
    expect(field().value).toBe('');
  });
});

describe('editing and quoting', () => {
  test('the arrow up in an empty field edits the last message', async () => {
    const onEditLast = vi.fn<() => void>();
    const { user } = compose({ onEditLast });
    await user.type(field(), '{ArrowUp}');
    expect(onEditLast).toHaveBeenCalledTimes(1);
    await user.type(field(), 'a{ArrowUp}');
    expect(onEditLast).toHaveBeenCalledTimes(1);
  });

  test('an edit is saved, and the draft is untouched', async () => {
    state.drafts.set('9', 'draft');
    setComposing('9', { mode: 'edit', message });
    const { user } = compose();
    expect(field().value).toBe('old **text**');
    expect(document.activeElement).toBe(field());
    await user.type(field(), '!{Enter}');
    expect(state.actions.edit).toHaveBeenCalledExactlyOnceWith(message, 'old **text**!');
    expect(field().value).toBe('draft');
  });

  test('Escape leaves', async () => {
    setComposing('9', { mode: 'edit', message });
    const { user } = compose();
    await user.type(field(), 'x{Escape}');
    expect(field().value).toBe('');
    expect(state.actions.edit).not.toHaveBeenCalled();
  });

  test('a quote goes before the answer', async () => {
    setComposing('9', { mode: 'quote', message });
    const { user } = compose();
    expect(screen.getByText('Answering Bob')).toBeTruthy();
    await user.type(field(), 'yes{Enter}');
    expect(state.actions.send).toHaveBeenCalledWith('9', '> [Bob](/c/9?at=5): old text\n\nyes', undefined, []);
    expect(screen.queryByText('Answering Bob')).toBeNull();
  });
});

describe('completion', () => {
  test('of people, by keyboard', async () => {
    const { user } = compose();
    await user.type(field(), 'hi @b');
    expect(screen.getAllByRole('option')).toHaveLength(2);
    await user.keyboard('{ArrowDown}');
    const active = field().getAttribute('aria-activedescendant');
    expect(screen.getByRole('option', { selected: true }).id).toBe(active);
    await user.keyboard('{Enter}');
    expect(field().value).toBe('hi @bea ');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(state.actions.send).not.toHaveBeenCalled();
  });

  test('of emoji, by pointer', async () => {
    const { user } = compose();
    await user.type(field(), ':tad');
    await user.click(screen.getByRole('option', { name: /:tada:/u }));
    expect(field().value).toBe('🎉 ');
  });

  test('of channels', async () => {
    const { user } = compose();
    await user.type(field(), '#gen{Tab}');
    expect(field().value).toBe('#general ');
  });

  test('Escape sends the list away, and Enter then sends the message', async () => {
    const { user } = compose();
    await user.type(field(), '@b{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.keyboard('o{Enter}');
    expect(state.actions.send).toHaveBeenCalledWith('9', '@bo', undefined, []);
  });

  test('everybody can be called only by those who may', async () => {
    const { user, view } = compose();
    await user.type(field(), '@chan');
    expect(screen.queryByRole('option')).toBeNull();
    view.unmount();
    state.entry = entry({}, { role: 'moderator' });
    compose();
    await user.clear(field());
    await user.type(field(), '@chan');
    expect(screen.getByRole('option', { name: /@channel/u })).toBeTruthy();
  });
});

describe('formatting', () => {
  test('by button and by key', async () => {
    const { user } = compose();
    await user.type(field(), 'word');
    field().setSelectionRange(0, 4);
    await user.click(screen.getByRole('button', { name: 'Bold' }));
    expect(field().value).toBe('**word**');
    await user.keyboard('{Control>}i{/Control}');
    expect(field().value).toBe('***word***');
  });
});

describe('pasting', () => {
  test('an address on words makes a link', async () => {
    const { user } = compose();
    await user.type(field(), 'word');
    field().setSelectionRange(0, 4);
    await user.paste('https://example.org');
    expect(field().value).toBe('[word](https://example.org)');
  });

  test('what has a format keeps it, also when it is sent in the same breath', async () => {
    compose();
    const contents: Record<string, string> = { 'text/plain': 'so bold', 'text/html': '<p>so <b>bold</b></p>' };
    const clipboardData = { types: Object.keys(contents), items: [], getData: (kind: string) => contents[kind] ?? '' };
    fireEvent.paste(field(), { clipboardData });
    fireEvent.keyDown(field(), { key: 'Enter' });
    await vi.waitFor(() => expect(state.actions.send).toHaveBeenCalledOnce());
    expect(state.actions.send.mock.calls[0]?.[1]).toBe('so **bold**');
    expect(field().value).toBe('');
  });
});

describe('where one cannot write', () => {
  test.each([
    [entry({ archived_at: '2026-01-01T00:00:00Z' }), 'This conversation is archived'],
    [entry({ read_only: true }), 'Only moderators can write here'],
    [entry({}, { state: 'left' }), 'You are not a member'],
    [entry({}, { muted_until: '2999-01-01T00:00:00Z' }), 'A moderator has muted you until'],
  ])('it says why: %#', (barred, words) => {
    state.entry = barred;
    compose();
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByRole('status').textContent).toContain(words);
  });

  test('whoever composes the page may know a reason', () => {
    compose({ disabledReason: 'Closed for today' });
    expect(screen.getByText('Closed for today')).toBeTruthy();
  });

  test('slow mode counts down after sending', async () => {
    state.entry = entry({ id: '10', slow_mode_seconds: 30 });
    const { user } = compose({ conversationId: '10' });
    await user.type(field(), 'a{Enter}b{Enter}');
    expect(state.actions.send).toHaveBeenCalledTimes(1);
    expect(field().value).toBe('b');
    expect(screen.getByText(/^Slow mode: (?:30|29) seconds$/u)).toBeTruthy();
  });
});

function upload(status: string) {
  return { id: 'u1', name: 'cat.png', mime: 'image/png', size: 5, sent: 0, status };
}

describe('files', () => {
  test('go without words, and with the message', async () => {
    state.uploads = [upload('sending')];
    const { user } = compose();
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(state.actions.send).toHaveBeenCalledWith('9', '', undefined, state.uploads);
  });

  test('one that has failed keeps the message from being sent without it', async () => {
    state.uploads = [upload('failed')];
    const { user } = compose();
    await user.type(field(), 'look{Enter}');
    expect(state.actions.send).not.toHaveBeenCalled();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  });

  test('a voice is offered only while nothing is written', async () => {
    const { user } = compose();
    expect(screen.queryByRole('button', { name: 'Record a voice message' })).not.toBeNull();
    await user.type(field(), 'x');
    expect(screen.queryByRole('button', { name: 'Record a voice message' })).toBeNull();
  });
});
