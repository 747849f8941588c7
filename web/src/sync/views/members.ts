// The members of a conversation: a page at a time, the highest roles first. Once all are there, events keep them right.

import type { Member, Page, Role } from '@/protocol.gen';
import type { MembersView, Refusal } from '../contract';
import { asRefusal } from '../refusal';
import type { Store } from '../store';

const PAGE = 100;

interface Progress {
  readonly pages: readonly Member[];
  readonly next: string | null;
  readonly begun: boolean;
  readonly loading: boolean;
  readonly problem: Refusal | null;
}

const START: Progress = { pages: [], next: null, begun: false, loading: false, problem: null };
const POWER: Readonly<Record<Role, number>> = { owner: 3, admin: 2, moderator: 1, member: 0 };

export class Members {
  private readonly progress = new Map<string, Progress>();
  private readonly more = new Map<string, () => void>();

  constructor(private readonly store: Store) {}

  view(id: string): MembersView {
    const { state } = this.store;
    const { pages, loading, problem } = this.progress.get(id) ?? START;
    const complete = state.membersComplete(id);
    const known = new Map(complete ? [] : pages.map((member) => [member.user.id, member]));
    for (const member of state.members(id)) {
      const held = known.get(member.user.id);
      // What events told of somebody whose page has not come would appear out of place.
      if (complete || (held !== undefined && member.changed >= held.changed)) known.set(member.user.id, member);
    }
    const members = [...known.values()].filter((member) => member.state === 'joined').toSorted(byRoleAndName);
    return { members, complete, loading, problem, loadMore: this.loadMore(id) };
  }

  async load(id: string): Promise<void> {
    const { state, rest } = this.store;
    const held = this.progress.get(id) ?? START;
    if (held.loading || state.membersComplete(id)) return;
    this.set(id, { ...held, loading: true, problem: null });
    try {
      const asked = state.asked(id);
      const query = { limit: PAGE, cursor: held.next ?? undefined };
      const page = await rest.get<Page<Member>>(`/conversations/${id}/members`, query);
      const pages = [...held.pages, ...page.items];
      const next = page.next ?? null;
      if (next === null) state.answerMembers(id, pages, asked);
      state.answerSummaries(page.items.map((member) => member.user));
      this.set(id, { pages, next, begun: true, loading: false, problem: null });
    } catch (thrown) {
      this.set(id, { ...held, loading: false, problem: asRefusal(thrown) });
    }
  }

  /** Called when somebody looks: the first page is fetched without being asked for. */
  begin(id: string): void {
    const held = this.progress.get(id) ?? START;
    if (!held.begun) void this.load(id);
  }

  private loadMore(id: string): () => void {
    let more = this.more.get(id);
    if (more === undefined) {
      more = () => void this.load(id);
      this.more.set(id, more);
    }
    return more;
  }

  private set(id: string, progress: Progress): void {
    this.progress.set(id, progress);
    this.store.changed(`members:${id}`);
  }
}

function byRoleAndName(a: Member, b: Member): number {
  return POWER[b.role] - POWER[a.role] || a.user.display_name.localeCompare(b.user.display_name);
}
