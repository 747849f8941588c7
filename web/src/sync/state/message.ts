// One message as this user knows it: the newest version, with the flags that only concern oneself.
//
// The events that all members share leave out what is personal (`me` on a reaction, `following`), so a shared event
// replaces the message and keeps the flags. Flags are taken over from whatever was made for this user: REST answers,
// replays, and the events of one's own actions. Such an answer may be older than a shared event that overtook it on the
// way; then only its flags count. `mine` remembers how old the flags are; 0 means that none have been seen.

import type { Message, Reaction, ReactionChange } from '@/protocol.gen';
import type { Known } from './types';

/** For whom an object was made: for all members alike, or for this user. */
export type Source = 'shared' | 'own';

export function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

export function isLiving(message: Message): boolean {
  return !isSet(message.deleted_at);
}

export function knownFrom(message: Message, source: Source): Known {
  return { message, mine: sourceOf(message, source) === 'own' ? message.changed : 0 };
}

/** Takes over whatever is newer; the same object when nothing is. */
export function merge(known: Known, incoming: Message, source: Source): Known {
  const { message, mine } = known;
  const newer = incoming.changed > message.changed;
  if (sourceOf(incoming, source) === 'own') {
    if (newer) return { message: incoming, mine: incoming.changed };
    if (incoming.changed === message.changed) {
      if (!isSame(message, incoming)) return { message: incoming, mine: incoming.changed };
      return mine === incoming.changed ? known : { message, mine: incoming.changed };
    }
    if (incoming.changed <= mine) return known;
    const older: Known = { message: incoming, mine: incoming.changed };
    return mine === 0 ? overtaken(older, message) : { message: flagged(message, incoming), mine: incoming.changed };
  }
  return newer ? overtaken(known, incoming) : known;
}

/** Two states of one message, of which the older may hold the better flags. */
export function join(held: Known, stored: Known): Known {
  const [older, newer] = stored.message.changed > held.message.changed ? [held, stored] : [stored, held];
  if (newer.mine > 0 && newer.mine >= older.mine) return newer;
  const joined = overtaken(older, newer.message);
  return joined.mine === newer.mine && isSame(joined.message, newer.message) ? newer : joined;
}

/** Somebody's reaction changed with the version that was just merged; one's own says what the flag is. */
export function reacted(known: Known, change: ReactionChange, at: number, me: string | null): Known {
  const { message } = known;
  if (me !== change.user_id || message.changed !== at) return known;
  const found = message.reactions.find((reaction) => reaction.emoji === change.emoji);
  if (found === undefined || found.me === change.added) return known;
  const reactions = message.reactions.map((each) => (each === found ? { ...each, me: change.added } : each));
  return { ...known, message: { ...message, reactions } };
}

/** The message says everything that concerns this user. */
export function isComplete(message: Message, source: Source): boolean {
  return sourceOf(message, source) === 'own';
}

/**
 * What leaves out a flag was made for everybody, and what has one for this user, wherever it came from. A message that
 * has never changed has no flags that could be missing.
 */
function sourceOf(message: Message, source: Source): Source {
  if (message.changed === message.seq) return 'own';
  const flags = [...message.reactions, ...(message.poll?.options ?? [])];
  if (flags.some(({ me }) => !isSet(me))) return 'shared';
  return message.following === true || flags.length > 0 ? 'own' : source;
}

/** A newer version that was made for everybody, with the flags of the one before. What it says itself stays. */
function overtaken({ message: previous, mine }: Known, incoming: Message): Known {
  const reactions = incoming.reactions.map((reaction): Reaction => {
    if (isSet(reaction.me)) return reaction;
    const earlier = previous.reactions.find((each) => each.emoji === reaction.emoji);
    // An emoji that nobody had used before this version is not one's own: that would have been told with a flag.
    const me = earlier === undefined ? false : earlier.me;
    return isSet(me) ? { ...reaction, me } : reaction;
  });
  const following = incoming.following === true || previous.following === true;
  // Without reactions there is nothing to be wrong about, and no older answer may say otherwise later.
  const right = mine > 0 && reactions.length === 0 && !isSet(incoming.poll) ? incoming.changed : mine;
  return { message: voted({ ...incoming, reactions, following }, previous, false), mine: right };
}

/** The message with the flags of an older version, which are newer than its own. */
function flagged(message: Message, older: Message): Message {
  const reactions = message.reactions.map((reaction) => {
    const then = older.reactions.find((each) => each.emoji === reaction.emoji);
    return Object.assign({}, reaction, { me: then?.me ?? false });
  });
  return voted({ ...message, reactions, following: older.following === true }, older, true);
}

/**
 * The message with one's votes from another version of it: those that are not known, or `all` of them. In a message that
 * had not changed since it was posted nobody had voted.
 */
function voted(message: Message, from: Message, all: boolean): Message {
  const { poll } = message;
  if (!isSet(poll)) return message;
  const fresh = from.changed === from.seq ? false : null;
  const options = poll.options.map((option, at) => {
    if (!all && isSet(option.me)) return option;
    const me = from.poll?.options[at]?.me ?? fresh;
    return Object.assign({}, option, { me });
  });
  return { ...message, poll: { ...poll, options } };
}

/** Two JSON values with the same content. What is absent equals null, as it does on the wire. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isSet(one) || !isSet(other)) return !isSet(one) && !isSet(other);
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, at) => isSame(item, other[at]));
  }
  const [left, right] = [
    new Map<string, unknown>(Object.entries(one)),
    new Map<string, unknown>(Object.entries(other)),
  ];
  return [...new Set([...left.keys(), ...right.keys()])].every((key) => isSame(left.get(key), right.get(key)));
}
