// Marks go, words stay.

import { expect, test } from 'vitest';
import { plain } from './plain';

test.each([
  ['**Bold** and *slanted* and ~~gone~~', 'Bold and slanted and gone'],
  ['see [the page](https://example.org/a_b_c)', 'see the page'],
  ['![a cat](/cat.png)', 'a cat'],
  ['# Title\n\n> quoted\n\n- one\n- two', 'Title quoted one two'],
  ['```rust\nfn main() {}\n```', 'fn main() {}'],
  ['run `cargo test` now', 'run cargo test now'],
  ['snake_case_name stays', 'snake_case_name stays'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  [String.raw`\*not slanted\*`, '*not slanted*'],
  ['<b>as written</b>', '<b>as written</b>'],
])('%j', (body, line) => {
  expect(plain(body)).toBe(line);
});
