// The confirmation of an address, as its owner's hands know it.

import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { restOfText, setLanguage } from '@/lib/text';
import type { Account } from '@/protocol.gen';
import { ConfirmEmail } from './ConfirmEmail';

const server = vi.hoisted(() => ({
  email: true,
  puts: [] as unknown[],
  refuse: null as Error | null,
}));

vi.mock('./mail', () => ({ useSendsMail: () => server.email }));
vi.mock('@/sync', () => ({
  actions: {
    updateAccount: (update: unknown) => {
      server.puts.push(['/me', update]);
      return Promise.resolve();
    },
  },
  api: {
    put: (path: string, body: unknown) => {
      server.puts.push([path, body]);
      return server.refuse ? Promise.reject(server.refuse) : Promise.resolve();
    },
  },
}));

const account = (part: Partial<Account>): Account => ({
  user: {
    id: '1',
    username: 'ada',
    display_name: 'Ada',
    about: '',
    avatar: null,
    time_zone: null,
    status: null,
    bot: false,
    server_role: 'member',
    created_at: '2026-01-01T00:00:00Z',
  },
  email: 'ada@example.org',
  privacy: { show_presence: true, show_read: true, direct_from: 'everyone' },
  version: 1,
  ...part,
});

beforeAll(async () => {
  await setLanguage('en');
  await restOfText();
});
beforeEach(() => {
  Object.assign(server, { email: true, puts: [], refuse: null });
});
afterEach(cleanup);

test('a link goes to an address that is not confirmed, in the language of the page', async () => {
  render(<ConfirmEmail account={account({})} />);
  const send = screen.getByRole('button', { name: 'Send a link' });
  expect(send).toHaveProperty('disabled', true);
  await userEvent.type(screen.getByLabelText('Present password'), 'correct horse');
  await userEvent.click(send);
  expect(server.puts).toEqual([
    ['/me', { language: 'en' }],
    ['/me/email', { email: 'ada@example.org', password: 'correct horse' }],
  ]);
});

test('a wrong password is said beside it', async () => {
  server.refuse = Object.assign(new Error('no'), { code: 'wrong_credentials', status: 401, field: 'password' });
  render(<ConfirmEmail account={account({})} />);
  await userEvent.type(screen.getByLabelText('Present password'), 'wrong');
  await userEvent.click(screen.getByRole('button', { name: 'Send a link' }));
  expect(await screen.findByText('This is not your present password.')).toBeTruthy();
  expect(screen.getByLabelText('Present password')).toHaveProperty('value', 'wrong');
});

test('what waits is named, what is confirmed needs nothing, and without a mail server nothing is offered', () => {
  const { rerender } = render(<ConfirmEmail account={account({ email: null, email_waiting: 'new@example.org' })} />);
  expect(screen.getByText(/new@example\.org/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Send the link again' })).toBeTruthy();
  rerender(<ConfirmEmail account={account({ email_confirmed: true })} />);
  expect(screen.getByText('The address is confirmed.')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
  server.email = false;
  rerender(<ConfirmEmail account={account({})} />);
  expect(screen.queryByRole('button')).toBeNull();
});
