// A finger that is held on a message, and one that is held on what the message has opened over the page.

import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createPortal } from 'react-dom';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { message } from '@/sync/state/testing/make';
import { useGestures } from './gestures';
import type { Scene } from './scene';

vi.mock('./commands', () => ({ commandsFor: () => [] }));

const scene: Scene = {
  conversationId: '1',
  parentId: null,
  kind: 'group',
  me: '1',
  role: 'member',
  archived: false,
  resolve: () => null,
  resolveChannel: () => null,
};

function Row({ onHold }: { onHold: () => void }) {
  return (
    <article {...useGestures({ message: message(1), scene, onHold })}>
      words
      {createPortal(<button type="button">in the sheet</button>, document.body)}
    </article>
  );
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('is held when the finger is on the message itself', () => {
  const onHold = vi.fn<() => void>();
  render(<Row onHold={onHold} />);
  fireEvent.pointerDown(screen.getByText('words'), { pointerType: 'touch' });
  vi.runAllTimers();
  expect(onHold).toHaveBeenCalledOnce();
});

it('is not held when the finger is on what lies over the page', () => {
  const onHold = vi.fn<() => void>();
  render(<Row onHold={onHold} />);
  fireEvent.pointerDown(screen.getByRole('button'), { pointerType: 'touch' });
  vi.runAllTimers();
  expect(onHold).not.toHaveBeenCalled();
});
