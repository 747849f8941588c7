// Where things are: the one list of the client's addresses. Links between features are made here, so that a feature
// need not know another.

export const paths = {
  home: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  join: (code: string) => `/join/${encodeURIComponent(code)}`,
  /** `at`: the seq of a message to open at. */
  conversation: (id: string, at?: number) => (at === undefined ? `/c/${id}` : `/c/${id}?at=${at}`),
  thread: (id: string, parentId: string) => `/c/${id}/t/${parentId}`,
  contacts: '/contacts',
  activity: '/activity',
  /** What one keeps for oneself: saved messages, reminders, scheduled messages. */
  later: (page: LaterPage = 'saved') => `/later/${page}`,
  search: (query = '', type?: string) =>
    `/search${query || type ? `?${new URLSearchParams({ q: query, ...(type && { type }) }).toString()}` : ''}`,
  /** The lists of their pages, which a phone shows first. */
  settingsList: '/settings',
  adminList: '/admin',
  settings: (page: SettingsPage = 'profile') => `/settings/${page}`,
  admin: (page: AdminPage = 'server') => `/admin/${page}`,
} as const;

export type SettingsPage =
  'profile' | 'appearance' | 'notifications' | 'privacy' | 'account' | 'sessions' | 'tokens' | 'emoji' | 'about';
export type LaterPage = 'saved' | 'reminders' | 'scheduled';
export type AdminPage = 'server' | 'users' | 'invitations' | 'webhooks' | 'emoji';
