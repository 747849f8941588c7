// Shortcuts are found under all keyboards: other scripts, signs with and without Shift, Macs.

import { expect, test } from 'vitest';
import { keyCaps, matches } from './shortcuts';

function pressed(key: string, code: string, modifiers: string[] = []) {
  return {
    key,
    code,
    ctrlKey: modifiers.includes('ctrl'),
    metaKey: modifiers.includes('meta'),
    altKey: modifiers.includes('alt'),
    shiftKey: modifiers.includes('shift'),
  };
}

test('a letter with Control', () => {
  expect(matches('Mod+k', pressed('k', 'KeyK', ['ctrl']), false)).toBe(true);
  expect(matches('Mod+k', pressed('k', 'KeyK'), false)).toBe(false);
  expect(matches('Mod+k', pressed('k', 'KeyK', ['ctrl', 'shift']), false)).toBe(false);
  expect(matches('Mod+k', pressed('k', 'KeyK', ['meta']), false)).toBe(false);
});

test('on a Mac it is Command', () => {
  expect(matches('Mod+k', pressed('k', 'KeyK', ['meta']), true)).toBe(true);
  expect(matches('Mod+k', pressed('k', 'KeyK', ['ctrl']), true)).toBe(false);
});

test('on an Arabic keyboard it is the key in the same place', () => {
  expect(matches('Mod+k', pressed('ن', 'KeyK', ['ctrl']), false)).toBe(true);
});

test('on a Dvorak keyboard it is the key with the letter', () => {
  expect(matches('Mod+k', pressed('k', 'KeyV', ['ctrl']), false)).toBe(true);
  expect(matches('Mod+k', pressed('t', 'KeyK', ['ctrl']), false)).toBe(false);
});

test('a sign is taken with or without Shift', () => {
  expect(matches('?', pressed('?', 'Slash', ['shift']), false)).toBe(true);
  expect(matches('?', pressed('?', 'Comma'), false)).toBe(true);
});

test('Alt and Shift are told apart', () => {
  expect(matches('Alt+ArrowUp', pressed('ArrowUp', 'ArrowUp', ['alt']), false)).toBe(true);
  expect(matches('Alt+ArrowUp', pressed('ArrowUp', 'ArrowUp', ['alt', 'shift']), false)).toBe(false);
  expect(matches('Alt+Shift+ArrowUp', pressed('ArrowUp', 'ArrowUp', ['alt', 'shift']), false)).toBe(true);
});

test('keys are shown as they are written on the board', () => {
  expect(keyCaps('Mod+k', false)).toEqual(['Ctrl', 'K']);
  expect(keyCaps('Mod+k', true)).toEqual(['⌘', 'K']);
  expect(keyCaps('Alt+Shift+ArrowDown', false)).toEqual(['Alt', 'Shift', '↓']);
});
