// Which emoji are offered first, as habits change and whatever the browser has kept.

import { beforeEach, describe, expect, it } from 'vitest';
import { frequent, remember } from './frequent';

describe('frequent emoji', () => {
  beforeEach(() => localStorage.clear());

  it('are the usual ones at first', () => {
    expect(frequent(3)).toEqual(['👍', '❤️', '😂']);
  });

  it('become those that one uses', () => {
    remember('🦀');
    remember('🦀');
    remember('😂');
    expect(frequent(3)).toEqual(['🦀', '😂', '👍']);
  });

  it('follow when the habit changes', () => {
    for (let times = 0; times < 50; times += 1) remember('🦀');
    for (let times = 0; times < 40; times += 1) remember('🎈');
    for (let times = 0; times < 30; times += 1) remember('🎈');
    expect(frequent(2)).toEqual(['🎈', '🦀']);
  });

  it('survive what else may be stored there', () => {
    localStorage.setItem('laserchat.reactions', '{"a":[');
    expect(frequent(1)).toEqual(['👍']);
    localStorage.setItem('laserchat.reactions', '[1, ["x"]]');
    expect(frequent(1)).toEqual(['👍']);
  });
});
