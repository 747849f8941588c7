// The emoji that one reacts with most often, kept in this browser.

const KEY = 'laserchat.reactions';
const usual = ['👍', '❤️', '😂', '🎉', '👀'];
/** Older habits fade: when the counts grow beyond this, they are halved. */
const MEMORY = 50;

function counts(): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    const pairs = Array.isArray(stored) ? stored.filter(isPair) : [];
    return new Map(pairs);
  } catch {
    return new Map();
  }
}

function isPair(pair: unknown): pair is [string, number] {
  return Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'number';
}

export function frequent(most: number): readonly string[] {
  const habit = [...counts()].toSorted(([, a], [, b]) => b - a).map(([emoji]) => emoji);
  return [...new Set([...habit, ...usual])].slice(0, most);
}

export function remember(emoji: string): void {
  const known = counts();
  known.set(emoji, (known.get(emoji) ?? 0) + 1);
  const faded = Math.max(...known.values()) > MEMORY;
  const kept = [...known].map(([name, count]): [string, number] => [name, faded ? Math.floor(count / 2) : count]);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept.filter(([, count]) => count > 0)));
  } catch {
    // Storage may be full or forbidden; then it is the usual ones.
  }
}
