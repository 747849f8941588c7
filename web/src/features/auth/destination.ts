// Where to go after signing in. It comes from the address, which anybody can write, so only places of this page count.

import { paths } from '@/lib/paths';

export function signInPath(from: string): string {
  return from === paths.home ? paths.signIn : `${paths.signIn}?next=${encodeURIComponent(from)}`;
}

export function destination(search: string, origin = location.origin): string {
  const next = new URLSearchParams(search).get('next');
  if (!next?.startsWith('/')) return paths.home;
  try {
    // Browsers read `//host`, `/\host` and a tab in between as another host: let them read it and see where it leads.
    const url = new URL(next, origin);
    if (url.origin !== origin) return paths.home;
    const back = url.pathname === paths.signIn || url.pathname === paths.signUp;
    return back ? paths.home : url.pathname + url.search;
  } catch {
    return paths.home;
  }
}
