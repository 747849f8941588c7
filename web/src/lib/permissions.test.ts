// The table in the client says the same as the one in the documentation, which the server is compared with.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConversationKind, Role } from '@/protocol.gen';
import { above, may, permissions, rolesBelow, type Action } from './permissions';

const roles: Role[] = ['member', 'moderator', 'admin', 'owner'];
const kinds: ConversationKind[] = ['direct', 'group', 'channel'];

/** The words of the documented table, by the name that we use. */
const words: Record<Action, string> = {
  read: 'read messages and see members',
  send: 'send messages',
  sendWhenReadOnly: 'send while the conversation is read-only',
  skipSlowMode: 'send without waiting in slow mode',
  react: 'react to messages',
  vote: 'vote in polls',
  closePoll: 'close polls of others',
  editOwn: 'edit own messages',
  deleteOwn: 'delete own messages',
  deleteOthers: 'delete messages of others',
  pin: 'pin and unpin messages',
  mentionAll: 'mention @channel and @here',
  add: 'add people',
  invite: 'make and revoke invitation links',
  remove: 'remove people of a lower role',
  ban: 'ban and unban people of a lower role',
  mute: 'mute people of a lower role',
  changeRole: "give and take roles below one's own",
  handOver: 'hand over ownership',
  rename: 'change name, topic and picture',
  changeSettings: 'change public, read-only and slow mode',
  expire: 'change after how long messages disappear',
  webhooks: 'make and remove webhooks',
  archive: 'archive and restore',
  delete: 'delete the conversation',
  leave: 'leave',
};

describe('permissions', () => {
  it('are the ones of docs/ARCHITECTURE.md', () => {
    const text = readFileSync('../docs/ARCHITECTURE.md', 'utf8');
    const [, after = ''] = text.split(
      '| may… from this role up | direct | group | channel |\n| --- | --- | --- | --- |\n',
    );
    const documented = after.slice(0, after.indexOf('\n\n')).split('\n');
    const names = Object.keys(permissions) as Action[]; // The keys of a constant are what its type says.
    expect(names.map((name) => `| ${[words[name], ...permissions[name]].join(' | ')} |`)).toEqual(documented);
  });

  it('grow with the role', () => {
    const names = Object.keys(permissions) as Action[]; // As above.
    for (const name of names) {
      for (const kind of kinds) {
        const allowed = roles.map((role) => may(role, name, kind));
        expect(allowed).toEqual([...allowed.filter((yes) => !yes), ...allowed.filter(Boolean)]);
      }
    }
  });

  it('give nobody power over an equal', () => {
    for (const actor of roles) {
      for (const target of roles) expect(above(actor, target)).toBe(rolesBelow(actor).includes(target));
      expect(above(actor, actor)).toBe(false);
    }
  });
});
