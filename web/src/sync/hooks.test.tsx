// The hooks: what they show is stable, and only who is concerned renders again.

import { act, cleanup, render } from '@testing-library/react';
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as sync from '.';
import type { Env } from './env';
import { conversationView, FakeServer, json } from './testing/server';

let server: FakeServer;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new FakeServer();
  server.views = [conversationView('11', 'Plans'), conversationView('22', 'News')];
  const env: Env = server.env();
  await sync.start(env);
  await sync.actions.signIn(server.grant);
});

afterEach(async () => {
  cleanup();
  await sync.stop();
});

function All() {
  sync.useSession();
  sync.useConnection();
  sync.useAccount();
  sync.useContacts();
  sync.useDraftKeys();
  sync.useThread('11', '5');
  sync.useMessage('11', 5);
  sync.usePins('11');
  sync.useMembers('11');
  sync.useReceipts('11');
  sync.useTyping('11');
  sync.useUser('7');
  sync.useProfile('7');
  sync.usePresence('7');
  return <p>{sync.useDraft('11')}</p>;
}

function Some() {
  const session = sync.useSession();
  sync.useTimeline('11', null);
  sync.useThread('11', '5');
  const isKnown = sync.useConversations() !== null;
  return <p>{`${session.phase} ${isKnown}`}</p>;
}

function Thread() {
  return sync.useThread('11', '112').replies.map(({ body }) => <p key={body}>{body}</p>);
}

function List() {
  return (
    <p>
      {sync
        .useConversations()
        ?.map(({ conversation }) => conversation.name)
        .join()}
    </p>
  );
}

test('a live message renders only what shows its conversation', async () => {
  const rendered = vi.fn<(name: 'plans' | 'news') => void>();
  const times = (name: string) => rendered.mock.calls.filter(([each]) => each === name).length;
  function Room({ id, name }: { id: string; name: 'plans' | 'news' }) {
    rendered(name);
    const { messages } = sync.useTimeline(id, null);
    const waiting = sync.usePending(id, null);
    return (
      <p data-testid={name}>
        {sync.useConversation(id)?.unread} {messages.map(({ body }) => body).join()} {waiting.length}
      </p>
    );
  }
  const view = render(
    <>
      <Room id="11" name="plans" />
      <Room id="22" name="news" />
      <List />
    </>,
  );
  await vi.waitFor(() => view.getByText('News,Plans'));
  await vi.waitFor(() => expect(server.isIdle()).toBe(true));
  const before = { plans: times('plans'), news: times('news') };
  await act(async () => server.message('11', 'Hello'));
  await vi.waitFor(() => expect(view.getByTestId('plans').textContent).toContain('Hello'));
  expect(times('plans')).toBeGreaterThan(before.plans);
  expect(times('news')).toBe(before.news);
});

test('every hook settles, also in strict mode', async () => {
  const view = render(
    <StrictMode>
      <All />
    </StrictMode>,
  );
  await act(async () => sync.actions.setDraft('11', 'half a sen'));
  await vi.waitFor(() => expect(view.container.textContent).toBe('half a sen'));
});

test('without anybody signed in, nothing is shown and nothing breaks', async () => {
  await sync.actions.signOut();
  const view = render(<Some />);
  await vi.waitFor(() => view.getByText('signed-out false'));
  expect(() => sync.actions.send('11', 'Hello')).toThrow('unauthorized');
});

test('a thread that is answered before its conversation is known shows its replies', async () => {
  await sync.stop();
  globalThis.indexedDB = new IDBFactory();
  let isListed = false;
  const message = (seq: number, parent: string | null) => ({
    ...server.written('11', seq, `text ${seq}`),
    parent_id: parent,
  });
  server.answers.set('/conversations', async () => {
    await vi.waitUntil(() => isListed);
    return json({ items: server.views, next: null });
  });
  server.answers.set('/messages/112/thread', () =>
    json({ parent: message(2, null), items: [message(3, '112')], next: null }),
  );
  await sync.start(server.env());
  await sync.actions.signIn(server.grant);
  const view = render(<Thread />);
  await vi.waitFor(() => expect(server.asked).toContain('/messages/112/thread'));
  await act(async () => {
    isListed = true;
    await vi.waitFor(() => expect(view.container.textContent).toBe('text 3'));
  });
});
