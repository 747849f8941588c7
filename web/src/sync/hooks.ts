// The hooks: each shows one slice of the state, and renders its component again only when that has changed.

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Account } from './account';
import type { Hooks } from './contract';
import { sync } from './instance';
import type { Slice } from './slices';
import * as slices from './slices';
import { TimelineWindow } from './views/timeline';

function read<T>({ name, keys, read: compute, none }: Slice<T>): T {
  const { hub } = sync();
  const account = sync().current();
  return hub.read(name, keys, () => (account === null ? none : compute(account)));
}

function useSlice<T>(slice: Slice<T>): T {
  const { name } = slice;
  const keys = slice.keys.join('\n');
  const subscribe = useCallback(
    (listener: () => void) => sync().hub.follow(name, [...keys.split('\n'), '*'], listener),
    [name, keys],
  );
  return useSyncExternalStore(subscribe, () => read(slice));
}

function useAlways<T>(keys: readonly string[], value: () => T): T {
  const joined = keys.join('\n');
  const subscribe = useCallback(
    (listener: () => void) => sync().hub.listen([...joined.split('\n'), '*'], listener),
    [joined],
  );
  return useSyncExternalStore(subscribe, value);
}

/** The account that is signed in; another one when somebody else signs in. */
function useCurrent(): Account | null {
  return useAlways(['*'], () => sync().current());
}

export const useSession: Hooks['useSession'] = () => useAlways(['*'], () => sync().session());

export const useConnection: Hooks['useConnection'] = () => useAlways(['connection'], () => sync().connection());

export const useAccount: Hooks['useAccount'] = () => useSlice(slices.ownAccount);

export const useConversations: Hooks['useConversations'] = () => useSlice(slices.conversations);

export const useConversation: Hooks['useConversation'] = (id) => useSlice(slices.conversation(id));

export const usePending: Hooks['usePending'] = (id, parentId) => useSlice(slices.pending(id, parentId));

export const useMessage: Hooks['useMessage'] = (id, seq) => useSlice(slices.message(id, seq));

export const useTimeline: Hooks['useTimeline'] = (id, at) => {
  const account = useCurrent();
  const window = useMemo(
    () => (account === null ? null : new TimelineWindow(account.store, account.views, id, at)),
    [account, id, at],
  );
  return useSyncExternalStore(window?.subscribe ?? NEVER, window?.snapshot ?? noTimeline);
};

export const useThread: Hooks['useThread'] = (id, parentId) => {
  const account = useCurrent();
  useEffect(() => account?.views.threads.watch(id, parentId), [account, id, parentId]);
  const view = useSlice(slices.thread(id, parentId));
  const loadMore = useCallback(() => void account?.views.threads.load(id, parentId), [account, id, parentId]);
  return useMemo(() => ({ ...view, loadMore }), [view, loadMore]);
};

export const usePins: Hooks['usePins'] = (id) => {
  const account = useCurrent();
  useEffect(() => void account?.views.pins.load(id), [account, id]);
  return useSlice(slices.pins(id));
};

export const useMembers: Hooks['useMembers'] = (id) => {
  const account = useCurrent();
  useEffect(() => account?.views.members.begin(id), [account, id]);
  return useSlice(slices.members(id));
};

export const useReceipts: Hooks['useReceipts'] = (id) => useSlice(slices.receipts(id));

export const useTyping: Hooks['useTyping'] = (id) => useSlice(slices.typing(id));

export const useUser: Hooks['useUser'] = (id) => {
  const account = useCurrent();
  const user = useSlice(slices.user(id));
  const missing = user === null;
  useEffect(() => {
    if (missing) account?.views.users.want(id);
  }, [account, id, missing]);
  return user;
};

export const useProfile: Hooks['useProfile'] = (id) => {
  const account = useCurrent();
  const profile = useSlice(slices.profile(id));
  const missing = profile === null;
  useEffect(() => {
    if (missing) account?.views.users.wantProfile(id);
  }, [account, id, missing]);
  return profile;
};

export const usePresence: Hooks['usePresence'] = (id) => {
  const account = useCurrent();
  useEffect(() => account?.views.presence.watch(id), [account, id]);
  return useSlice(slices.presence(id));
};

export const useContacts: Hooks['useContacts'] = () => useSlice(slices.contacts);

export const useOwnChanges: Hooks['useOwnChanges'] = (noun) => useSlice(slices.changes(noun));

export const useAnswered: Hooks['useAnswered'] = (id) => useSlice(slices.answered(id));

export const useDraft: Hooks['useDraft'] = (key) => useSlice(slices.draft(key));

export const useUploads: Hooks['useUploads'] = (place) => useSlice(slices.uploads(place));

export const useDraftKeys: Hooks['useDraftKeys'] = () => useSlice(slices.draftKeys);

const NEVER = () => () => undefined;

const NO_TIMELINE: ReturnType<Hooks['useTimeline']> = {
  messages: [],
  atStart: false,
  atEnd: false,
  loading: null,
  problem: null,
  loadOlder: () => undefined,
  loadNewer: () => undefined,
  jumpTo: async () => undefined,
  jumpToNewest: async () => undefined,
};
const noTimeline = () => NO_TIMELINE;
