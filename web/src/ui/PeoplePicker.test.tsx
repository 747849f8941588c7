// Picking people by typing a part of a name, by keyboard and by pointer.

import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { setLanguage } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { PeoplePicker, type PeoplePickerProps } from './PeoplePicker';

beforeAll(() => setLanguage('en'));
afterEach(cleanup);

function person(id: string, name: string): UserSummary {
  return { id, username: name.toLowerCase(), display_name: name, avatar: null };
}
const ann = person('1', 'Ann');
const anton = person('2', 'Anton');
const bob = person('3', 'Bob');

function search(text: string): Promise<readonly UserSummary[]> {
  return Promise.resolve([ann, anton, bob].filter(({ username }) => username.startsWith(text)));
}

function refuse(): Promise<never> {
  return Promise.reject(Object.assign(new Error('offline'), { code: 'offline' }));
}

function Picker(props: Partial<PeoplePickerProps>) {
  const [picked, setPicked] = useState<readonly UserSummary[]>([]);
  return (
    <>
      <PeoplePicker label="Who?" search={search} picked={picked} onPick={setPicked} {...props} />
      <output>{picked.map(({ display_name }) => display_name).join()}</output>
    </>
  );
}

function chosen(): string {
  return screen.getByRole('status').textContent;
}

test('people are chosen by keys alone, and given back with Backspace', async () => {
  const user = userEvent.setup();
  render(<Picker />);
  await user.type(screen.getByRole('combobox', { name: 'Who?' }), 'an');
  await screen.findByRole('option', { name: /Anton/ });
  await user.keyboard('{ArrowDown}{Enter}');
  expect(chosen()).toBe('Anton');

  await user.keyboard('b');
  await screen.findByRole('option', { name: /Bob/ });
  await user.keyboard('{Enter}');
  expect(chosen()).toBe('Anton,Bob');

  await user.keyboard('{Backspace}');
  expect(chosen()).toBe('Anton');
});

test('whoever cannot be chosen says why', async () => {
  const user = userEvent.setup();
  render(<Picker barred={({ id }) => (id === '1' ? 'Is there already' : null)} />);
  await user.type(screen.getByRole('combobox'), 'ann');
  await user.click(await screen.findByRole('option', { name: /Is there already/ }));
  expect(chosen()).toBe('');
});

test('with one only, a choice replaces the one before', async () => {
  const user = userEvent.setup();
  render(<Picker single suggested={[ann, bob]} />);
  await user.click(screen.getByRole('option', { name: /Ann/ }));
  await user.click(screen.getByRole('option', { name: /Bob/ }));
  expect(chosen()).toBe('Bob');
});

test('what goes wrong is said', async () => {
  const user = userEvent.setup();
  render(<Picker search={refuse} />);
  await user.type(screen.getByRole('combobox'), 'x');
  expect((await screen.findAllByText(/offline|connection/i)).length).toBeGreaterThan(0);
});
