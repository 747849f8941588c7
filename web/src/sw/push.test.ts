// What the service worker makes of a push.

import { expect, test } from 'vitest';
import { actOf, dataOf, isLookedAt, isRead, pathIn } from './push';

const message = {
  type: 'message',
  conversation_id: '12',
  seq: 7,
  message_id: '99',
  title: 'Ada',
  body: 'Hello',
  tag: '99',
};

function shown(payload: unknown) {
  const act = actOf(payload);
  if (act.kind !== 'show') throw new Error('nothing is shown');
  return act.shown;
}

test('a message is shown and leads to its place', () => {
  expect(shown(message)).toMatchObject({ title: 'Ada', body: 'Hello', tag: '99', path: '/c/12?at=7' });
});

test('what was read elsewhere is closed, and nothing newer', () => {
  expect(actOf({ type: 'read', conversation_id: '12', seq: 7 })).toEqual({
    kind: 'close',
    upTo: { conversationId: '12', seq: 7 },
  });
  const data = dataOf(shown(message));
  expect(isRead(data, { conversationId: '12', seq: 7 })).toBe(true);
  expect(isRead(data, { conversationId: '12', seq: 6 })).toBe(false);
  expect(isRead(data, { conversationId: '13', seq: 9 })).toBe(false);
  expect(isRead(null, { conversationId: '12', seq: 7 })).toBe(false);
});

test.each([[null], ['nonsense'], [{}], [{ type: 'message', conversation_id: '../x', seq: '7' }]])(
  'what is not understood still says that there is something (%j)',
  (payload) => {
    expect(shown(payload)).toMatchObject({ title: 'LaserChat', path: '/', place: null });
  },
);

test('pictures and ways lead nowhere else', () => {
  expect(shown({ ...message, icon: 'https://elsewhere.example/spy.png' }).icon).toBe('/icon-192.png');
  expect(shown({ ...message, icon: '//elsewhere.example/spy.png' }).icon).toBe('/icon-192.png');
  expect(shown({ ...message, icon: '/api/v1/files/1/thumbnail' }).icon).toBe('/api/v1/files/1/thumbnail');
  expect(pathIn({ path: 'https://elsewhere.example/' })).toBe('/');
  expect(pathIn({ path: '//elsewhere.example/' })).toBe('/');
  expect(pathIn({ path: '/c/12?at=7' })).toBe('/c/12?at=7');
});

test('what is being looked at is not shown', () => {
  const tab = { url: 'https://chat.example.org/c/12/t/4', visibilityState: 'visible', focused: true };
  const place = { conversationId: '12', seq: 7 };
  expect(isLookedAt([tab], place)).toBe(true);
  expect(isLookedAt([{ ...tab, focused: false }], place)).toBe(false);
  expect(isLookedAt([{ ...tab, url: 'https://chat.example.org/c/123' }], place)).toBe(false);
  expect(isLookedAt([tab], null)).toBe(false);
});
